// Alerts: those that rules fire by themselves, those that a scenario lets arrive too early or twice, and test alerts.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wireEvent } from '../../../../local/azure/event-grid/event-grid.ts';
import { startAlertRules } from '../../../../local/azure/monitor/log-alerts.ts';
import { BadScenario, parseScenario } from '../../../../local/scenarios/schema.ts';
import { at, minute, orders, type Small, small, startMs } from '../worlds.ts';

/** The payloads that a world's action group is handed. */
function alerts(world: Small): unknown[] {
  const handed: unknown[] = [];
  startAlertRules(world.sim, 'http://127.0.0.1:9/never-called');
  world.sim.onAlert = (body) => handed.push(body);
  return handed;
}

const essential = (alert: unknown, member: string): unknown => at(alert, 'data', 'essentials', member);
const rules = { alertRules: [{ kind: 'activity-log' }] };

describe('an activity-log alert rule', () => {
  const failing = { ...rules, apps: [{ ...orders, validated: true, deployed: 'later' }] };

  it('fires once for a failed write, 90 seconds later, without the reason', () => {
    const world = small(failing);
    const handed = alerts(world);
    world.now({ do: 'deploy', app: 'ca-orders', by: 'anna@contoso.example' });

    world.time.advance(90_000 - 1);
    expect(handed).toEqual([]);
    world.time.advance(minute * 60);

    expect(handed).toHaveLength(1);
    expect(handed[0]).toMatchObject({
      schemaId: 'azureMonitorCommonAlertSchema',
      data: {
        essentials: {
          alertRule: 'pullmedic-failed-writes',
          signalType: 'Activity Log',
          monitorCondition: 'Fired',
          monitoringService: 'Activity Log - Administrative',
          alertTargetIDs: [
            `/subscriptions/${world.sim.world.subscription}/resourcegroups/rg-apps/providers/microsoft.app/containerapps/ca-orders`,
          ],
          configurationItems: ['ca-orders'],
          firedDateTime: new Date(startMs + 90_000).toISOString(),
        },
        alertContext: {
          authorization: { action: 'Microsoft.App/containerApps/write', scope: world.app.id },
          caller: 'anna@contoso.example',
          eventTimestamp: new Date(startMs).toISOString(),
          operationName: 'Microsoft.App/containerApps/write',
          status: 'Failed',
          properties: { entity: world.app.id },
        },
      },
    });
    expect(JSON.stringify(handed[0])).not.toContain('Managed identity');
  });

  it('has a delay that a scenario can set, and fires for each failure anew', () => {
    const world = small({ ...failing, alertRules: [{ kind: 'activity-log', name: 'mine', delay: '5m' }] });
    const handed = alerts(world);
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);
    world.now({ do: 'deploy', app: 'ca-orders' });

    world.time.advance(5 * minute);

    expect(handed.map((one) => essential(one, 'firedDateTime'))).toEqual([
      new Date(startMs + 5 * minute).toISOString(),
      new Date(startMs + 6 * minute).toISOString(),
    ]);
    expect(new Set(handed.map((one) => essential(one, 'alertId'))).size).toBe(2);
  });

  it('fires neither for a write that succeeds nor for one that is called off', () => {
    const world = small(rules);
    const handed = alerts(world);

    world.now({ do: 'deploy', app: 'ca-orders' });
    world.now({ do: 'cancel-deploy', app: 'ca-orders' });
    world.time.advance(60 * minute);

    expect(handed).toEqual([]);
  });
});

describe('an alert that a scenario fires', () => {
  it('arrives at once, before any row can be read', () => {
    const world = small();
    const handed = alerts(world);
    world.now({ do: 'deploy', app: 'ca-orders' });

    world.now({ do: 'fire-alert', app: 'ca-orders' });

    expect(handed).toMatchObject([
      {
        data: {
          essentials: {
            alertRule: 'pullmedic-pull-failures',
            monitoringService: 'Log Alerts V2',
            monitorCondition: 'Fired',
            firedDateTime: new Date(startMs).toISOString(),
          },
          alertContext: {
            condition: {
              allOf: [
                {
                  dimensions: [
                    { name: 'Environment', value: world.sim.environments.get('cae-shop')?.domainLabel },
                    { name: 'App', value: 'ca-orders' },
                    { name: 'Revision', value: 'ca-orders--0000001' },
                  ],
                },
              ],
            },
          },
        },
      },
    ]);
    expect(world.sim.logs.every((row) => row.ingestedMs > startMs)).toBe(true);
  });

  it('is the same alert to its rule, which does not fire again when the rows arrive and resolves it in the end', () => {
    const world = small();
    const handed = alerts(world);
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.now({ do: 'fire-alert', app: 'ca-orders' });
    world.time.advance(10 * minute);

    expect(handed).toHaveLength(1);
    world.now({ do: 'assign-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop' });
    world.time.advance(60 * minute);

    expect(handed.map((one) => essential(one, 'monitorCondition'))).toEqual(['Fired', 'Resolved']);
    expect(essential(handed[1], 'alertId')).toBe(essential(handed[0], 'alertId'));
  });

  it.each([
    ['1m', 10],
    ['5m', 15],
    ['30m', 60],
  ])('of a rule of every %s resolves %i minutes after the last match, as in Azure', (frequency, minutes) => {
    const world = small({ ...rules, alertRules: [{ frequency, window: '1m' }] });
    const handed = alerts(world);
    world.now({ do: 'fire-alert', app: 'ca-orders' });
    world.time.advance(minutes * minute - 1);
    expect(handed).toHaveLength(1);
    world.time.advance(minute);

    expect(handed.map((one) => essential(one, 'monitorCondition'))).toEqual(['Fired', 'Resolved']);
  });

  it.each([
    ['in one evaluation', { mostPerEvaluation: 1 }, ['ca-orders', 'ca-billing']],
    ['open at once', { mostOpen: 1 }, ['ca-orders']],
  ])('has no room for more than a rule may have %s', (_what, most, told) => {
    const apps = ['ca-orders', 'ca-billing'].map((name) => ({ ...orders, name }));
    const world = small({ ...rules, apps, alertRules: [{ ...most }] });
    const handed = alerts(world);
    for (const app of ['ca-orders', 'ca-billing']) world.now({ do: 'deploy', app });
    world.time.advance(10 * minute);

    expect(handed.map((one) => at(essential(one, 'configurationItems'), 0))).toEqual(told);
    expect(world.sim.timeline.some(({ text }) => text.includes('has no room for 1 more'))).toBe(true);
  });

  it('names the revision only where the rule tells revisions apart', () => {
    const dimensionsWith = (perRevision: boolean): string => {
      const world = small({ ...rules, alertRules: [{ perRevision }] });
      const handed = alerts(world);
      world.now({ do: 'deploy', app: 'ca-orders' });
      world.now({ do: 'fire-alert', app: 'ca-orders' });
      return JSON.stringify(handed);
    };

    expect(dimensionsWith(false)).not.toContain('ca-orders--0000001');
    expect(dimensionsWith(true)).toContain('ca-orders--0000001');
  });

  it('is sent again as it was, and is another alert without `again`', () => {
    const world = small();
    const handed = alerts(world);
    world.now({ do: 'fire-alert', app: 'ca-orders' });
    world.time.advance(30_000);
    world.now({ do: 'fire-alert', app: 'ca-orders', again: true });
    world.now({ do: 'fire-alert', app: 'ca-orders', rule: 'pullmedic-pull-failures' });

    expect(handed[1]).toEqual(handed[0]);
    expect(essential(handed[2], 'alertId')).not.toBe(essential(handed[0], 'alertId'));
  });

  it.each([
    ['a rule that is not there', '', 'rule: other', /there is no log alert rule named "other"/],
    ['no rule of the kind', '\n  alertRules: [{ kind: activity-log }]', '', /there is no log alert rule in this world/],
  ])('is refused in a scenario with %s', (_, world, member, message) => {
    const text = readFileSync('local/scenarios/missing-acrpull-user-assigned.yaml', 'utf8').replace(
      'world:',
      `world:${world}`,
    );
    const file = `${text}\nevents:\n  - { at: 1m, do: fire-alert, app: ca-orders${member === '' ? '' : `, ${member}`} }\n`;

    expect(() => parseScenario(file, 'x.yaml')).toThrow(BadScenario);
    expect(() => parseScenario(file, 'x.yaml')).toThrow(message);
  });
});

describe('a test alert', () => {
  it("is the portal's sample, whatever the world holds", () => {
    const world = small();
    const handed = alerts(world);

    world.now({ do: 'send-test-alert' });

    const sample: unknown = JSON.parse(readFileSync('test/fixtures/signals/log-alert-v2-fired.doc.json', 'utf8'));
    expect(handed).toEqual([sample]);
  });
});

describe('a write that is called off', () => {
  it('is told as canceled, by Event Grid and the Activity Log, and changes nothing', () => {
    const world = small();
    const events: unknown[] = [];
    world.sim.onResourceEvent = (event) => events.push(wireEvent(world.sim, event));

    world.now({ do: 'cancel-deploy', app: 'ca-orders' });

    expect(events).toMatchObject([
      {
        type: 'Microsoft.Resources.ResourceWriteCancel',
        subject: world.app.id,
        data: { operationName: 'Microsoft.App/containerApps/write', status: 'Canceled' },
      },
    ]);
    expect(world.sim.activity.map((entry) => entry.status)).toEqual(['Started', 'Canceled']);
    expect(world.app.revisions).toEqual([]);
  });
});
