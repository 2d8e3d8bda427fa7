// Container Apps as the control plane shows them.
import { describe, expect, it } from 'vitest';
import { at, list, minute, orders, type Small, small } from '../worlds.ts';

const billing = { ...orders, name: 'ca-billing', group: 'rg-billing' };

describe('a list of apps', () => {
  const world = { apps: [orders, billing, { ...orders, name: 'ca-planned', deployed: 'later' }] };

  it('holds the apps of a resource group, each as a read of it alone shows it', () => {
    const { sim, arm } = small(world);
    const group = `/subscriptions/${sim.world.subscription}/resourceGroups/rg-billing/providers/Microsoft.App/containerApps`;

    const listed = arm('GET', group);

    expect(listed.body).toEqual({ value: [arm('GET', `${group}/ca-billing`).body] });
  });

  it('holds those of every group of a subscription, but none that nobody has written', () => {
    const { sim, arm } = small(world);

    const listed = arm('GET', `/subscriptions/${sim.world.subscription}/providers/Microsoft.App/containerApps`);

    expect(list(listed.body, 'value').map((app) => at(app, 'name'))).toEqual(['ca-orders', 'ca-billing']);
    expect(listed.body).not.toHaveProperty('nextLink');
  });

  it('is empty for a group without apps and an error for a group or a subscription that is not there', () => {
    const { sim, arm } = small(world);
    const of = (scope: string) => arm('GET', `/subscriptions/${scope}/providers/Microsoft.App/containerApps`);

    expect(of(`${sim.world.subscription}/resourceGroups/rg-registry`)).toMatchObject({
      status: 200,
      body: { value: [] },
    });
    expect(at(of(`${sim.world.subscription}/resourceGroups/rg-none`).body, 'error', 'code')).toBe(
      'ResourceGroupNotFound',
    );
    expect(at(of('00000000-0000-4000-8000-00000000dead').body, 'error', 'code')).toBe('SubscriptionNotFound');
  });
});

describe('a list in pages', () => {
  const names = (body: unknown) => list(body, 'value').map((one) => at(one, 'name'));

  it('has the size that the world says, and a link to the rest until there is none', () => {
    const { sim, arm } = small({ apps: [orders, billing, { ...orders, name: 'ca-third' }], pageSize: 2 });
    const apps = `/subscriptions/${sim.world.subscription}/providers/Microsoft.App/containerApps`;

    const first = arm('GET', apps);
    const { pathname, searchParams } = new URL(String(at(first.body, 'nextLink')));
    const second = arm('GET', pathname, Object.fromEntries(searchParams));

    expect([names(first.body), names(second.body)]).toEqual([['ca-orders', 'ca-billing'], ['ca-third']]);
    expect(second.body).not.toHaveProperty('nextLink');
  });

  it('refuses a token that no link has', () => {
    const { app, arm } = small({ apps: [orders] });

    expect(arm('GET', `${app.id}/revisions`, { $skipToken: 'else' }).status).toBe(501);
  });
});

describe('an app that is deployed later', () => {
  it('is there from its first write on, with its own identity', () => {
    const { app, arm, now, time } = small({ apps: [{ ...orders, pullIdentity: 'system', deployed: 'later' }] });

    expect(arm('GET', app.id).status).toBe(404);
    now({ do: 'deploy', app: 'ca-orders' });
    time.advance(minute);

    expect(at(arm('GET', app.id).body, 'identity', 'principalId')).toBe(app.systemPrincipalId);
  });
});

describe('a PATCH that asks for a new revision of the same template', () => {
  const suffix = (revisionSuffix: string) => ({ properties: { template: { revisionSuffix } } });
  const patch = ({ arm, app }: Small, body: unknown) => arm('PATCH', app.id, {}, body);
  const follow = ({ arm }: Small, url: string) => {
    const { pathname } = new URL(url);
    return arm('GET', pathname);
  };

  it('is accepted, and its operation is in progress until the revision is there', () => {
    const world = small({
      apps: [orders],
      roleAssignments: [{ role: 'AcrPull', principal: 'id-orders', on: 'acrshop' }],
    });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);

    const accepted = patch(world, suffix('again1'));
    const status = accepted.headers?.['azure-asyncoperation'] ?? '';
    const result = accepted.headers?.['location'] ?? '';

    expect(accepted.status).toBe(202);
    expect(follow(world, status).body).toMatchObject({ status: 'InProgress' });
    expect(follow(world, result).status).toBe(202);
    expect(world.arm('GET', world.app.id).body).toMatchObject({ properties: { provisioningState: 'InProgress' } });

    world.time.advance(minute);
    expect(follow(world, status).body).toMatchObject({ status: 'Succeeded' });
    expect(follow(world, result).body).toEqual(world.arm('GET', world.app.id).body);
    expect(world.arm('GET', world.app.id).body).toMatchObject({
      properties: {
        provisioningState: 'Succeeded',
        latestReadyRevisionName: 'ca-orders--again1',
        template: { revisionSuffix: 'again1', containers: [{ image: orders.containers[0]?.image }] },
      },
    });
    const made = world.arm('GET', `${world.app.id}/revisions/ca-orders--again1`).body;
    const before = world.arm('GET', `${world.app.id}/revisions/ca-orders--0000001`).body;
    expect(at(made, 'properties', 'template', 'containers')).toEqual(
      at(before, 'properties', 'template', 'containers'),
    );
  });

  it('heals an app whose first write failed, because the pull is not validated again', () => {
    const world = small({ apps: [{ ...orders, validated: true, deployed: 'later' }] });
    world.now({ do: 'deploy', app: 'ca-orders' });

    expect(patch(world, suffix('retry')).status).toBe(202);
    world.time.advance(minute);

    expect(world.arm('GET', world.app.id).body).toMatchObject({
      properties: { provisioningState: 'Succeeded', latestRevisionName: 'ca-orders--retry' },
    });
    expect(world.sim.logs.map((row) => row.reason)).toContain('ImagePullUnauthorized');
  });

  it('is told as a write of pullmedic', () => {
    const world = small({ apps: [orders] });
    patch(world, { location: 'West Europe', ...suffix('mine') });
    world.time.advance(minute);

    expect(world.sim.activity.map((entry) => [entry.status, entry.event.operation, entry.event.by])).toEqual([
      ['Started', 'Microsoft.App/containerApps/write', 'pullmedic'],
      ['Succeeded', 'Microsoft.App/containerApps/write', 'pullmedic'],
    ]);
  });

  it.each<[string, unknown]>([
    ['another template', { properties: { template: { revisionSuffix: 'x', containers: [] } } }],
    ['a configuration', { properties: { template: { revisionSuffix: 'x' }, configuration: {} } }],
    ['tags', { tags: {}, ...suffix('x') }],
    ['no suffix', { properties: { template: {} } }],
    ['nothing', undefined],
    ['another location', { location: 'northeurope', ...suffix('x') }],
    ['a suffix that is no name', suffix('Not_A_Name')],
    ['a suffix that is taken', suffix('taken')],
  ])('is refused with %s', (_, body) => {
    const world = small({ apps: [orders] });
    patch(world, suffix('taken'));
    world.time.advance(minute);
    const revisions = world.app.revisions.length;

    const answer = patch(world, body);
    world.time.advance(minute);

    expect(answer.status).toBe(501);
    expect(answer.refused).toContain('PATCH');
    expect(world.app.revisions).toHaveLength(revisions);
  });

  it('is refused while another is in progress, and not found for an app that is not there', () => {
    const world = small({ apps: [orders] });
    patch(world, suffix('one'));

    expect(patch(world, suffix('two')).refused).toContain('in progress');
    expect(world.arm('PATCH', `${world.app.id}x`, {}, suffix('one')).status).toBe(404);
  });
});

describe('a restart', () => {
  const restart = ({ app, arm }: Small): ReturnType<Small['arm']> =>
    arm('POST', `${app.id}/revisions/ca-orders--0000001/restart`);
  const replicas = ({ app }: Small): string[] =>
    app.revisions.flatMap((revision) => revision.replicas.map(({ name }) => name));

  it('makes new replicas, unless Azure refuses it: then all stays as it was', () => {
    const worlds = [orders, { ...orders, restartable: false }].map((app) => small({ apps: [app] }));
    const seen = worlds.map((world) => {
      world.now({ do: 'deploy', app: 'ca-orders' });
      world.time.advance(minute);
      const before = replicas(world);
      const { status } = restart(world);
      return [status, replicas(world).join(', ') === before.join(', '), before.length];
    });

    expect(seen).toEqual([
      [200, false, 1],
      [400, true, 1],
    ]);
  });
});
