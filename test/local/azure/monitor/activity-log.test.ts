// The Activity Log: who changed what, as the management API tells it.
import { describe, expect, it } from 'vitest';
import { at, list, minute, orders, type Small, small, startMs } from '../worlds.ts';

const since = `eventTimestamp ge '${new Date(startMs).toISOString()}'`;

function read({ sim, arm }: Small, filter: string, select?: string) {
  return arm(
    'GET',
    `/subscriptions/${sim.world.subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
    {
      'api-version': '2015-04-01',
      $filter: filter,
      ...(select === undefined ? {} : { $select: select }),
    },
  );
}

function entries(world: Small, filter: string): unknown[] {
  return list(read(world, filter).body, 'value');
}

const inGroup = (group: string): string => `${since} and resourceGroupName eq '${group}'`;

describe('the Activity Log', () => {
  it('shows a change two minutes later, with who made it', () => {
    const world = small();
    world.now({ do: 'deploy', app: 'ca-orders', by: 'anna@contoso.example' });

    world.time.advance(2 * minute - 1);
    expect(entries(world, inGroup('rg-apps'))).toEqual([]);
    world.time.advance(1);

    expect(entries(world, inGroup('rg-apps'))).toMatchObject([
      {
        caller: 'anna@contoso.example',
        operationName: { value: 'Microsoft.App/containerApps/write', localizedValue: 'Create or Update Container App' },
        status: { value: 'Succeeded' },
        resourceId: world.app.id,
        eventTimestamp: new Date(startMs).toISOString(),
        properties: { eventCategory: 'Administrative', entity: world.app.id },
      },
      { status: { value: 'Started' }, eventName: { value: 'BeginRequest' } },
    ]);
  });

  it('names somebody where a scenario names nobody, and pullmedic by its object id', () => {
    const world = small({ apps: [orders] });
    world.now({ do: 'assign-role', role: 'Reader', principal: 'id-orders', on: 'acrshop' });
    const scope = world.sim.registries.get('acrshop')?.id ?? '';
    const identity = world.sim.identities.get('id-orders')?.principalId;
    const properties = {
      roleDefinitionId: `/subscriptions/${world.sim.world.subscription}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
      principalId: identity,
      principalType: 'ServicePrincipal',
    };
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000001`;
    world.time.advance(1000);
    expect(world.arm('PUT', path, { 'api-version': '2022-04-01' }, { properties }).status).toBe(201);

    world.time.advance(2 * minute);

    const done = entries(world, inGroup('rg-registry')).filter((one) => at(one, 'status', 'value') === 'Succeeded');
    expect(done.map((one) => at(one, 'caller'))).toEqual([world.sim.self.principalId, 'ops@contoso.example']);
    const [begun] = entries(world, `${since} and resourceUri eq '${path}'`).filter(
      (one) => at(one, 'status', 'value') === 'Started',
    );
    expect(JSON.parse(String(at(begun, 'properties', 'requestbody')))).toEqual({ properties });
  });

  describe('keeps of a removed role assignment', () => {
    const roles = ['AcrPull', 'AcrPush', 'Reader', 'Contributor', 'Owner', 'Container Registry Repository Reader'];
    const scopes = ['acrshop', 'subscription'];
    const all = roles.flatMap((role) => scopes.map((on) => ({ role, principal: 'id-orders', on })));

    function removed(): { world: Small; gone: unknown[] } {
      const world = small({ roleAssignments: all });
      for (const one of all) world.now({ do: 'remove-role', ...one, by: 'bob@contoso.example' });
      world.time.advance(2 * minute);
      const about = `${since} and resourceProvider eq 'Microsoft.Authorization'`;
      return { world, gone: entries(world, about).filter((one) => at(one, 'status', 'value') === 'Succeeded') };
    }

    it('what it was, as the answer of the call that deleted it', () => {
      const { world, gone } = removed();
      const called = gone.filter((one) => at(one, 'properties', 'responseBody') !== undefined);
      const bodies = called.map((one) => JSON.parse(String(at(one, 'properties', 'responseBody'))) as unknown);
      const principalId = world.sim.identities.get('id-orders')?.principalId;

      expect(called.length).toBeGreaterThan(1);
      expect(called.map((one) => String(at(one, 'resourceId')))).toEqual(bodies.map((body) => at(body, 'id')));
      expect(new Set(bodies.map((body) => at(body, 'properties', 'principalId')))).toEqual(new Set([principalId]));
    });

    it('only ids without dashes where it went with its scope, and no entry of a beginning', () => {
      const { world, gone } = removed();
      const went = gone.filter((one) => at(one, 'properties', 'responseBody') === undefined);
      const principalId = world.sim.identities.get('id-orders')?.principalId.replaceAll('-', '');

      expect(went.length).toBeGreaterThan(1);
      expect(new Set(went.map((one) => at(one, 'properties', 'principalId')))).toEqual(new Set([principalId]));
      for (const one of went) expect(at(one, 'resourceId')).toMatch(/\/roleAssignments\/[0-9a-f]{32}$/);
      expect(new Set(went.map((one) => at(one, 'resourceType', 'value')))).toEqual(
        new Set(['Microsoft.Resources/subscriptions/resourcegroups']),
      );
      expect(entries(world, `${since} and resourceUri eq '${String(at(went[0], 'resourceId'))}'`)).toHaveLength(1);
    });
  });

  describe('of a subscription in which automation assigns roles all day', () => {
    const about = `eventTimestamp ge '${new Date(startMs - 22 * 60 * minute).toISOString()}' and resourceProvider eq 'Microsoft.Authorization'`;
    const path = (world: Small): string =>
      `/subscriptions/${world.sim.world.subscription}/providers/Microsoft.Insights/eventtypes/management/values`;

    /** Every page of an answer: each is asked for with the link of the one before. */
    function pagesOf(world: Small, onPage: () => void = () => undefined): unknown[][] {
      const pages: unknown[][] = [];
      let query: Record<string, string> | undefined = { 'api-version': '2015-04-01', $filter: about };
      while (query !== undefined) {
        const { body } = world.arm('GET', path(world), query);
        pages.push(list(body, 'value'));
        onPage();
        const next = at(body, 'nextLink');
        query = next === undefined ? undefined : Object.fromEntries(new URL(String(next)).searchParams);
      }
      return pages;
    }

    it('has 200 entries on a page, newest first, and a link to the next page', () => {
      const pages = pagesOf(small({ roleChangesPerHour: 44 }));
      const times = pages.flat().map((one) => Date.parse(String(at(one, 'eventTimestamp'))));

      expect(pages.map(({ length }) => length)).toEqual([200, 200, 200, 200, 167]);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    });

    it('neither repeats nor leaves out an entry while new ones come', () => {
      const world = small({ roleChangesPerHour: 44 });
      const ids = pagesOf(world, () => world.time.advance(10 * minute))
        .flat()
        .map((one) => at(one, 'id'));

      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(967);
    });

    it('refuses a token that no link has', () => {
      const world = small({ roleChangesPerHour: 44 });

      expect(
        world.arm('GET', path(world), { 'api-version': '2015-04-01', $filter: about, $skiptoken: 'x' }).status,
      ).toBe(501);
    });
  });

  it('tells of every change of a scenario and of a restart, and of nothing that the data plane does', () => {
    const world = small({
      apps: [orders],
      vnets: [{ name: 'vnet-shop' }],
      dnsZones: [{}],
    });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.now({ do: 'link-dns', vnet: 'vnet-shop' });
    world.now({ do: 'unlink-dns', vnet: 'vnet-shop' });
    world.now({ do: 'set-dns-record', record: 'acrshop', ip: '10.0.0.4' });
    world.now({ do: 'set-registry', registry: 'acrshop', publicNetworkAccess: 'Disabled' });
    world.now({ do: 'push-tag', registry: 'acrshop', repository: 'shop/orders', tag: 'v3' });
    world.arm('POST', `${world.app.id}/revisions/ca-orders--0000001/restart`);
    world.time.advance(2 * minute);

    const changed = ['rg-apps', 'rg-network', 'rg-registry']
      .flatMap((group) => entries(world, inGroup(group)))
      .filter((one) => at(one, 'status', 'value') === 'Succeeded')
      .map((one) => at(one, 'operationName', 'value'));

    expect(changed.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      'Microsoft.App/containerApps/revisions/restart/action',
      'Microsoft.App/containerApps/write',
      'Microsoft.ContainerRegistry/registries/write',
      'Microsoft.Network/privateDnsZones/A/write',
      'Microsoft.Network/privateDnsZones/virtualNetworkLinks/delete',
      'Microsoft.Network/privateDnsZones/virtualNetworkLinks/write',
    ]);
  });

  it('answers for the asked time and the asked resource only', () => {
    const world = small({ apps: [orders, { ...orders, name: 'ca-billing' }] });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(10 * minute);
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.now({ do: 'deploy', app: 'ca-billing' });
    world.time.advance(2 * minute);
    const until = (ms: number): string => `eventTimestamp le '${new Date(startMs + ms).toISOString()}'`;

    const times = (filter: string): unknown[] =>
      entries(world, filter).map((one) => Date.parse(String(at(one, 'eventTimestamp'))) - startMs);

    expect(times(`${since} and resourceId eq '${world.app.id.toUpperCase()}'`)).toEqual([
      10 * minute,
      10 * minute,
      0,
      0,
    ]);
    expect(times(`${since} and ${until(minute)} and resourceUri eq '${world.app.id}'`)).toEqual([0, 0]);
  });

  it('answers for a resource provider, whatever group the resource is in', () => {
    const world = small({ apps: [orders] });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.now({ do: 'assign-role', role: 'Reader', principal: 'id-orders', on: 'subscription' });
    world.time.advance(2 * minute);

    const of = entries(world, `${since} and resourceProvider eq 'microsoft.authorization'`);

    expect(of.map((one) => at(one, 'operationName', 'value'))).toEqual([
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/write',
    ]);
    expect(of.map((one) => at(one, 'resourceGroupName'))).toEqual(['', '']);
  });

  it('gives only the members that are asked for, and the id', () => {
    const world = small();
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(2 * minute);

    const [entry] = list(read(world, inGroup('rg-apps'), 'caller,resourceId').body, 'value');

    expect(Object.keys(entry as object).toSorted()).toEqual(['caller', 'id', 'resourceId']);
    expect(entry).toMatchObject({ caller: 'ops@contoso.example', resourceId: world.app.id });
    expect(at(entry, 'id')).toMatch(/\/events\/[0-9a-f-]{36}\/ticks\/\d{18}$/);
  });

  it('refuses to look back for more than 90 days, in an error of its own', () => {
    const from = (days: number): string => new Date(startMs - days * 24 * 60 * minute).toISOString();
    const filter = (days: number): string => `eventTimestamp ge '${from(days)}' and resourceGroupName eq 'rg-apps'`;

    expect(read(small(), filter(90)).status).toBe(200);
    expect(read(small(), filter(91))).toMatchObject({ status: 400, body: { code: 'BadRequest' } });
  });

  it.each([
    ['no filter', ''],
    ['no time', "resourceGroupName eq 'rg-apps'"],
    ['nothing that it is about', since],
    ['a time that is none', "eventTimestamp ge 'yesterday' and resourceGroupName eq 'rg-apps'"],
    ['another member', `${since} and caller eq 'anna@contoso.example'`],
    ['two things at once', `${inGroup('rg-apps')} and resourceUri eq '/x'`],
    ['or', `${since} or resourceGroupName eq 'rg-apps'`],
  ])('refuses a filter with %s', (_, filter) => {
    const answer = read(small(), filter);

    expect(answer.status).toBe(501);
    expect(answer.refused).toContain('filter');
  });

  it('refuses to select what an entry does not have', () => {
    expect(read(small(), inGroup('rg-apps'), 'caller,colour')).toMatchObject({
      status: 501,
      refused: expect.stringContaining('colour') as unknown,
    });
  });
});
