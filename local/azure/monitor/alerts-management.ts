// Alerts Management: every alert that fired, with the state that people give it. Written from memory of the API, not from a capture.

import { guidFor, sameId } from '../model/ids.ts';
import type { ManagedAlert } from '../model/records.ts';
import { note, type Sim } from '../model/sim.ts';
import { type Answer, armError } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

const states = ['New', 'Acknowledged', 'Closed'] as const;

function wire(sim: Sim, alert: ManagedAlert): unknown {
  const fired = new Date(alert.firedMs).toISOString();
  return {
    id: alert.id,
    type: 'Microsoft.AlertsManagement/alerts',
    name: alert.rule,
    properties: {
      essentials: {
        severity: 'Sev3',
        // The recorded alert of an activity-log rule has the signal type Log too.
        signalType: 'Log',
        alertState: alert.state,
        monitorCondition: alert.isResolved() ? 'Resolved' : 'Fired',
        monitorService: alert.signalType === 'Log' ? 'Log Alerts V2' : 'ActivityLog Administrative',
        targetResource: alert.target.toLowerCase(),
        targetResourceName: alert.target.split('/').at(-1)?.toLowerCase(),
        targetResourceGroup: alert.target.split('/')[4]?.toLowerCase(),
        targetResourceType: alert.target.split('/').at(-2)?.toLowerCase(),
        alertRule: `/subscriptions/${sim.world.subscription}/resourceGroups/rg-logs/providers/microsoft.insights/${alert.signalType === 'Log' ? 'scheduledqueryrules' : 'activitylogalerts'}/${alert.rule}`,
        sourceCreatedId: guidFor(`source|${alert.id}`),
        startDateTime: fired,
        lastModifiedDateTime: fired,
        lastModifiedUserName: alert.setBy ?? 'System',
        actionStatus: { isSuppressed: false },
        description: 'An image could not be pulled.',
      },
      context: { version: '2.0', properties: null, status: 'Activated', context: alert.context },
    },
  };
}

function named(sim: Sim, { parts }: ArmRequest): ManagedAlert | undefined {
  const [subscription = '', guid = ''] = parts;
  return sim.managedAlerts.find((one) =>
    sameId(one.id, `/subscriptions/${subscription}/providers/Microsoft.AlertsManagement/alerts/${guid}`),
  );
}

const missing: Answer = armError(404, 'AlertNotFound', 'The alert was not found.');

/** `GET …/alerts/{id}`, of either kind of rule. */
export function readAlert(sim: Sim, request: ArmRequest): Answer {
  const found = named(sim, request);
  return found === undefined ? missing : { status: 200, body: wire(sim, found) };
}

/** Sets the state that people see. The condition stays what it is. */
export function changeAlertState(sim: Sim, request: ArmRequest): Answer {
  const found = named(sim, request);
  const wanted = states.find((state) => state === request.query.get('newState'));
  if (found === undefined) return missing;
  if (wanted === undefined) return armError(400, 'BadRequest', 'newState is not a state of an alert.');
  found.state = wanted;
  found.setBy = 'pullmedic';
  note(sim, `pullmedic sets the alert for ${found.app} to ${wanted}`);
  return { status: 200, body: wire(sim, found) };
}
