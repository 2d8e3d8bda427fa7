// When the events of a scenario happen.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schedule } from '../../../../local/azure/happenings/happenings.ts';
import { eventSchema } from '../../../../local/azure/world/events.ts';
import { parseScenario } from '../../../../local/scenarios/schema.ts';
import { at, minute, orders, type Small, small } from '../worlds.ts';

function grant({ sim, arm }: Small, name: number) {
  const properties = {
    roleDefinitionId: `/subscriptions/${sim.world.subscription}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
    principalId: sim.identities.get('id-orders')?.principalId,
    principalType: 'ServicePrincipal',
  };
  const scope = sim.registries.get('acrshop')?.id ?? '';
  return arm(
    'PUT',
    `${scope}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-00000000000${name}`,
    { 'api-version': '2022-04-01' },
    { properties },
  );
}

describe('an event that waits for pullmedic to grant', () => {
  const pipeline = eventSchema.parse({
    when: 'pullmedic-grants',
    do: 'assign-role',
    role: 'AcrPull',
    principal: 'id-orders',
    on: 'acrshop',
    by: 'pipeline@contoso.example',
  });

  it('wins the race: the role is there, and pullmedic is told that it exists', () => {
    const world = small({ apps: [orders] });
    schedule(world.sim, [pipeline]);
    world.time.advance(60 * minute);
    expect(world.sim.assignments).toEqual([]);

    const refused = grant(world, 1);

    expect(refused.status).toBe(409);
    expect(at(refused.body, 'error', 'code')).toBe('RoleAssignmentExists');
    expect(world.sim.assignments).toMatchObject([{ by: 'world' }]);
    expect(world.sim.activity.map((entry) => entry.event.caller)).toEqual([
      'pipeline@contoso.example',
      'pipeline@contoso.example',
    ]);
  });

  it('happens once', () => {
    const world = small({ apps: [orders] });
    schedule(world.sim, [pipeline]);
    grant(world, 1);
    world.now({ do: 'remove-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop' });

    expect(grant(world, 2).status).toBe(201);
  });
});

describe('an event that waits until pullmedic sees a revision that is stuck for nothing', () => {
  const tryAgain = eventSchema.parse({ when: 'pullmedic-sees-it-stuck', do: 'pull', app: 'ca-orders' });
  const readReplicas = ({ sim, arm }: Small): unknown => {
    const app = sim.apps.get('ca-orders');
    return arm('GET', `${app?.id}/revisions/${app?.revisions[0]?.name}/replicas`, { 'api-version': '2026-07-01' }).body;
  };
  const isReady = ({ sim }: Small): boolean | undefined => sim.apps.get('ca-orders')?.revisions[0]?.replicas[0]?.ready;

  it('comes after what pullmedic read, and not while a pull would still fail', () => {
    const imageSizes = { [orders.containers[0]?.image ?? '']: '10MB' };
    const world = small({ apps: [orders], imageSizes, delays: { rolePropagation: '0s' } });
    schedule(world.sim, [tryAgain]);
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(5 * minute);
    readReplicas(world);
    world.time.advance(5000);
    expect(isReady(world)).toBe(false);

    world.now({ do: 'assign-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop' });
    const seen = readReplicas(world);

    expect(at(seen, 'value', 0, 'properties', 'runningState')).toBe('NotRunning');
    world.time.advance(4000);
    expect(isReady(world)).toBe(true);
  });

  it('leaves the replica ready when the time of the earlier try comes', () => {
    const world = small({ apps: [orders], delays: { rolePropagation: '0s' } });
    schedule(world.sim, [tryAgain]);
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(5 * minute);
    world.now({ do: 'assign-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop' });
    readReplicas(world);
    world.time.advance(60 * minute);

    expect(isReady(world)).toBe(true);
    expect(world.sim.timeline.filter(({ text }) => text.endsWith('is ready'))).toHaveLength(1);
  });
});

describe('the time of an event', () => {
  const scenario = readFileSync('local/scenarios/missing-acrpull-user-assigned.yaml', 'utf8');
  const parse = (event: string) => () => parseScenario(`${scenario}\nevents:\n  - ${event}\n`, 'x.yaml');

  it.each(['{ do: deploy, app: ca-orders }', '{ at: 1m, when: pullmedic-grants, do: deploy, app: ca-orders }'])(
    'is given once: %s',
    (event) => {
      expect(parse(event)).toThrow(/x\.yaml:\d+: events\.0: an event has either "at", a duration, or "when"/);
    },
  );

  it.each([
    '{ at: 1m, when: pullmedic-grants, do: kill-pullmedic }',
    '{ when: sunrise, do: deploy, app: ca-orders }',
    '{ at: 1m, by: nobody, do: deploy, app: ca-orders }',
  ])('and who acts is checked: %s', (event) => {
    expect(parse(event)).toThrow(/x\.yaml:\d+: events\.0/);
  });
});

describe('an app that fails silently', () => {
  it('keeps pulling and writes no row about it, and still recovers', () => {
    const world = small({ apps: [{ ...orders, silent: true, deployed: 'later' }] });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(20 * minute);

    expect([...new Set(world.sim.logs.map((row) => row.reason))]).toEqual([
      'RevisionReady',
      'AssigningReplica',
      'PullingImage',
    ]);
    const [revision] = world.app.revisions;
    expect(revision?.replicas.map((replica) => replica.details)).toEqual([
      'Container is waiting with reason: PullingImage on legion.',
    ]);
    const { body } = world.arm('GET', `${world.app.id}/revisions/ca-orders--0000001`);
    expect(body).toMatchObject({ properties: { provisioningState: 'Provisioning', healthState: 'None' } });

    world.now({ do: 'assign-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop' });
    world.time.advance(20 * minute);
    expect(revision?.replicas.every((replica) => replica.ready)).toBe(true);
  });
});
