// What becomes of the containers of a group: pulls, their back-off, the time to provision, restarts, policies.
import { describe, expect, it } from 'vitest';
import { beginContainerGroups } from '../../../../local/azure/container-groups/deployments.ts';
import { minute } from '../worlds.ts';
import { ask, deploy, eventsOf, grouped, image, role, statesOf, viewOf } from './group-worlds.ts';

const unlooked = { validated: false };

describe('a group that cannot pull', () => {
  it('waits, and says why in its events', () => {
    const world = grouped(unlooked);
    deploy(world);
    world.time.advance(3000);

    expect(eventsOf(world)).toEqual([
      `Pulling: pulling image "${image}" (1)`,
      `Failed: Failed to pull image "${image}": rpc error: code = Unknown desc = Error response from daemon: Head "https://acrshop.azurecr.io/v2/shop/orders/manifests/v1": unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information. (1)`,
      `BackOff: Back-off pulling image "${image}" (1)`,
    ]);
    expect(viewOf(world, 'currentState', 'state')).toBe('Waiting');
    expect(statesOf(world)).toBe('Pending, Creating');
  });

  it('is tried again by the platform, runs once it may pull, and keeps its old failures in the list', () => {
    const world = grouped(unlooked);
    deploy(world);
    world.time.advance(minute);
    world.now({ do: 'assign-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop', propagation: '0s' });
    world.time.advance(4 * minute);

    expect(statesOf(world)).toBe('Running, Succeeded');
    expect(eventsOf(world).map((one) => one.split(':')[0])).toEqual([
      'Pulling',
      'Failed',
      'BackOff',
      'Pulled',
      'Created',
      'Started',
    ]);
  });

  it.each([
    ['Always', 'Pending, Failed'],
    ['Never', 'Failed, Failed'],
  ])('with the policy %s is given up after half an hour: %s', (restartPolicy, states) => {
    const world = grouped({ ...unlooked, restartPolicy });
    deploy(world);
    world.time.advance(31 * minute);
    const tried = eventsOf(world)[0];
    world.time.advance(60 * minute);

    expect(statesOf(world)).toBe(states);
    expect(eventsOf(world)[0]).toBe(tried);
  });

  it('pulls anew when it is restarted, and has half an hour again', () => {
    const world = grouped(unlooked);
    deploy(world);
    world.time.advance(31 * minute);
    world.now({ do: 'assign-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop', propagation: '0s' });

    expect(ask(world, 'POST', '/restart').status).toBe(204);
    world.time.advance(2 * minute);
    expect(statesOf(world)).toBe('Running, Succeeded');
    expect(viewOf(world, 'restartCount')).toBe(1);
  });

  it('leaves the containers alone that can', () => {
    const containers = [
      { name: 'orders', image },
      { name: 'proxy', image: 'nginx:1.27' },
    ];
    const world = grouped({ ...unlooked, containers });
    deploy(world);
    world.time.advance(2 * minute);

    expect(statesOf(world)).toBe('Running, Creating');
    expect(eventsOf(world, 1).at(-1)).toBe('Started: Started container (1)');
  });
});

describe('a group that runs', () => {
  it('ends well when its work is done, and is not restarted then', () => {
    const world = grouped({ restartPolicy: 'Never', runsFor: '1m' }, role);
    deploy(world);
    world.time.advance(5 * minute);

    expect(statesOf(world)).toBe('Succeeded, Succeeded');
    expect(viewOf(world, 'currentState')).toMatchObject({
      state: 'Terminated',
      exitCode: 0,
      detailStatus: 'Completed',
    });
  });

  it.each(['/start', '/restart'])('does its work once more when it is asked to after its end (%s)', (path) => {
    const world = grouped({ restartPolicy: 'Never', runsFor: '1m' }, role);
    deploy(world);
    world.time.advance(5 * minute);

    expect(ask(world, 'POST', path).status).toBe(204);
    expect(statesOf(world)).toBe('Pending, Pending');
    world.time.advance(70_000);
    expect(statesOf(world)).toBe('Running, Succeeded');
    world.time.advance(5 * minute);
    expect(statesOf(world)).toBe('Succeeded, Succeeded');
    expect(viewOf(world, 'previousState')).toMatchObject({ state: 'Terminated', exitCode: 0 });
  });

  it('is left as it is by a start', () => {
    const world = grouped({}, role);
    deploy(world);
    world.time.advance(5 * minute);
    const before = viewOf(world);

    expect(ask(world, 'POST', '/start').status).toBe(204);
    expect(viewOf(world)).toEqual(before);
  });

  it('may still list a failure of days ago, before the pull that worked', () => {
    const world = grouped({ deployed: 'running', failedBefore: { ago: '2d', text: 'unauthorized: no' } });
    beginContainerGroups(world.sim);

    expect(eventsOf(world).map((one) => one.split(':')[0])).toEqual([
      'Failed',
      'BackOff',
      'Pulling',
      'Pulled',
      'Created',
      'Started',
    ]);
    expect(viewOf(world, 'events', 0, 'lastTimestamp')).toBe('2026-05-30T02:00:00Z');
    expect(statesOf(world)).toBe('Running, Succeeded');
  });

  it('pulls an init container first, and the others when that has ended', () => {
    const containers = [{ image }, { name: 'prepare', image: 'nginx:1.27', init: true }];
    const world = grouped({ containers }, role);
    deploy(world);
    world.time.advance(5000);

    expect(viewOf(world)).toBeUndefined();
    world.time.advance(3 * minute);
    expect(statesOf(world)).toBe('Running, Succeeded');
  });
});

describe('a group that is stopped', () => {
  it('runs no more, and pulls anew when it is started', () => {
    const world = grouped({}, role);
    deploy(world);
    world.time.advance(5 * minute);

    expect(ask(world, 'POST', '/stop').status).toBe(204);
    expect(statesOf(world)).toBe('Stopped, Succeeded');
    expect(viewOf(world, 'currentState')).toMatchObject({ state: 'Terminated', exitCode: 0 });
    expect(eventsOf(world).at(-1)).toMatch(/^Killing/);

    world.now({ do: 'start-group', app: 'aci-orders', by: 'anna@contoso.example' });
    world.time.advance(2 * minute);
    expect(statesOf(world)).toBe('Running, Succeeded');
    expect(eventsOf(world)[0]).toMatch(/^Pulling: .* \(2\)$/);
  });

  it('is not tried again, and its time to provision does not go on', () => {
    const world = grouped(unlooked);
    deploy(world);
    world.time.advance(minute);
    world.now({ do: 'stop-group', app: 'aci-orders' });
    const tried = eventsOf(world)[0];
    world.time.advance(60 * minute);

    expect(eventsOf(world)[0]).toBe(tried);
    expect(statesOf(world)).toBe('Stopped, Creating');
    // It never ran, so it has no exit code.
    expect(viewOf(world, 'currentState')).not.toHaveProperty('exitCode');
  });

  it('is written to the Activity Log with the name of the operation', () => {
    const world = grouped({}, role);
    deploy(world);
    world.now({ do: 'stop-group', app: 'aci-orders' });
    world.now({ do: 'start-group', app: 'aci-orders' });

    const operations = world.sim.activity.map(({ event }) => event.operation.replace(/^.*containerGroups/, ''));
    expect([...new Set(operations)]).toEqual(['/write', '/stop/action', '/start/action']);
  });
});
