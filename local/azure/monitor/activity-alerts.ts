// Activity-log alert rules: they fire once for each failed write of a workload, and never resolve.

import { guidFor } from '../model/ids.ts';
import type { ActivityEntry } from '../model/records.ts';
import { note, type Sim } from '../model/sim.ts';
import type { World } from '../world/world.ts';
import { callerOf, claimsOf, commonProperties, eventDataIdOf } from './activity-log.ts';

/** An activity-log alert rule of the world. */
export type ActivityRule = Extract<World['alertRules'][number], { kind: 'activity-log' }>;

const watched: readonly string[] = [
  'Microsoft.App/containerApps/write',
  'Microsoft.App/jobs/write',
  'Microsoft.ContainerInstance/containerGroups/write',
];

function lower(text: string): string {
  return text.toLowerCase();
}

function alertIdOf(sim: Sim, rule: ActivityRule, entry: ActivityEntry): string {
  const guid = guidFor(`alert|${rule.name}|${eventDataIdOf(sim, entry)}`);
  return `/subscriptions/${sim.world.subscription}/providers/Microsoft.AlertsManagement/alerts/${guid}`;
}

function essentialsOf(sim: Sim, rule: ActivityRule, entry: ActivityEntry): unknown {
  const { resource } = entry.event;
  const eventDataId = eventDataIdOf(sim, entry);
  return {
    alertId: alertIdOf(sim, rule, entry),
    alertRule: rule.name,
    severity: 'Sev4',
    signalType: 'Activity Log',
    monitorCondition: 'Fired',
    monitoringService: 'Activity Log - Administrative',
    // The real service changes the case of every part of the id except names.
    alertTargetIDs: [resource.replace(/\/resourceGroups\/|\/Microsoft\.(?:App|ContainerInstance)\/[^/]+\//g, lower)],
    configurationItems: [resource.split('/').at(-1)],
    originAlertId: `${eventDataId}_${guidFor(`rule|${rule.name}`).replaceAll('-', '')}`,
    firedDateTime: new Date(sim.scheduler.now()).toISOString(),
    description: 'A write of a container app failed.',
    essentialsVersion: '1.0',
    alertContextVersion: '1.0',
  };
}

/** The payload about an entry. Whether the real one holds the error message is not known: this one does not. */
function wireActivityAlert(sim: Sim, rule: ActivityRule, entry: ActivityEntry): unknown {
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: { essentials: essentialsOf(sim, rule, entry), alertContext: contextOf(sim, entry) },
  };
}

function contextOf(sim: Sim, entry: ActivityEntry): unknown {
  const { event, atMs } = entry;
  return {
    authorization: { action: event.operation, scope: event.resource },
    channels: 'Operation',
    claims: JSON.stringify(claimsOf(sim, event)),
    caller: callerOf(sim, event),
    correlationId: entry.correlationId,
    eventSource: 'Administrative',
    eventTimestamp: new Date(atMs).toISOString(),
    eventDataId: eventDataIdOf(sim, entry),
    level: 'Error',
    operationName: event.operation,
    operationId: entry.correlationId,
    properties: commonProperties(sim, entry),
    status: entry.status,
    subStatus: '',
    submissionTimestamp: new Date(entry.visibleMs).toISOString(),
    'Activity Log Event Description': '',
  };
}

function fire(sim: Sim, rule: ActivityRule, entry: ActivityEntry): void {
  const app = entry.event.resource.split('/').at(-1) ?? '';
  note(sim, `alert fired for the failed write of ${app}`);
  sim.managedAlerts.push({
    id: alertIdOf(sim, rule, entry),
    app,
    rule: rule.name,
    signalType: 'Activity Log',
    target: entry.event.resource,
    context: contextOf(sim, entry),
    firedMs: sim.scheduler.now(),
    isResolved: () => false,
    state: 'New',
  });
  sim.onAlert(wireActivityAlert(sim, rule, entry));
}

/** Watches the Activity Log for every rule of this kind. */
export function startActivityRules(sim: Sim, rules: readonly ActivityRule[]): void {
  sim.onActivity = (entry) => {
    if (entry.status !== 'Failed' || !watched.includes(entry.event.operation)) return;
    for (const rule of rules) {
      sim.scheduler.at(entry.atMs + rule.delay, () => fire(sim, rule, entry));
    }
  };
}
