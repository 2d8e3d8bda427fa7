// Alerts about container groups: of the events in a workspace, and of writes that were refused.
import { describe, expect, it } from 'vitest';
import { startAlertRules } from '../../../../local/azure/monitor/log-alerts.ts';
import { deploy, grouped, role } from '../container-groups/group-worlds.ts';
import { at, minute, type Small } from '../worlds.ts';

function alerts(world: Small): unknown[] {
  const handed: unknown[] = [];
  startAlertRules(world.sim, 'http://127.0.0.1:9/never-called');
  world.sim.onAlert = (body) => handed.push(body);
  return handed;
}

const dimensions = (alert: unknown): unknown =>
  at(alert, 'data', 'alertContext', 'condition', 'allOf', 0, 'dimensions');

const failing = { validated: false, logs: true };

describe('the log alert', () => {
  it('fires for a container that cannot pull, once its event can be queried', () => {
    const world = grouped(failing);
    const handed = alerts(world);
    deploy(world);
    world.time.advance(minute);
    expect(handed).toEqual([]);

    world.time.advance(minute);
    expect(handed.map(dimensions)).toEqual([
      [
        { name: 'Environment', value: '' },
        { name: 'App', value: 'group/aci-orders' },
        { name: 'Revision', value: 'app' },
      ],
    ]);
  });

  it('does not fire for a group that pulls, nor for one without a workspace', () => {
    const healthy = grouped(failing, role);
    const silent = grouped({ ...failing, logs: false });
    const handed = [alerts(healthy), alerts(silent)];
    for (const world of [healthy, silent]) {
      deploy(world);
      world.time.advance(10 * minute);
    }

    expect(handed).toEqual([[], []]);
  });

  it('fires under the name of the group where a scenario lets it', () => {
    const world = grouped({}, role);
    const handed = alerts(world);
    deploy(world);
    world.time.advance(2 * minute);
    world.now({ do: 'fire-alert', app: 'aci-orders' });

    expect(handed.map(dimensions)).toEqual([expect.arrayContaining([{ name: 'App', value: 'group/aci-orders' }])]);
  });
});

it('the alert on failed writes fires for a write of a group that was refused', () => {
  const world = grouped({}, { alertRules: [{ kind: 'activity-log' }] });
  const handed = alerts(world);
  deploy(world);
  world.time.advance(5 * minute);

  expect(handed.map((alert) => at(alert, 'data', 'essentials', 'alertTargetIDs', 0))).toEqual([
    expect.stringMatching(
      /\/resourcegroups\/rg-apps\/providers\/microsoft\.containerinstance\/containergroups\/aci-orders$/,
    ),
  ]);
  expect(at(handed[0], 'data', 'alertContext', 'operationName')).toBe(
    'Microsoft.ContainerInstance/containerGroups/write',
  );
});
