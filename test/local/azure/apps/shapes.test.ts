// How Container Apps spells what it says. Each of these is as the real service was recorded, and each is one that code gets wrong easily.
import { describe, expect, it } from 'vitest';
import { at, list, minute, orders, type Small, small } from '../worlds.ts';

function deployed(more: Record<string, unknown> = {}, app: Record<string, unknown> = {}): Small {
  const world = small({ apps: [{ ...orders, ...app, deployed: 'later' }], ...more });
  world.now({ do: 'deploy', app: 'ca-orders' });
  world.time.advance(minute + 345);
  return world;
}

const role = { roleAssignments: [{ role: 'AcrPull', principal: 'id-orders', on: 'acrshop' }] };

function appOf({ arm, app }: Small): unknown {
  return arm('GET', app.id).body;
}

describe('an app', () => {
  it('writes its own id with containerapps, its type and every id below it with containerApps', () => {
    const world = deployed();
    const [revision] = list(world.arm('GET', `${world.app.id}/revisions`).body, 'value');

    expect(at(appOf(world), 'id')).toMatch(/\/providers\/Microsoft\.App\/containerapps\/ca-orders$/);
    expect(at(appOf(world), 'type')).toBe('Microsoft.App/containerApps');
    expect(at(revision, 'id')).toMatch(/\/providers\/Microsoft\.App\/containerApps\/ca-orders\/revisions\//);
    expect(at(revision, 'type')).toBe('Microsoft.App/containerapps/revisions');
  });

  it('keys its identities by ids with resourcegroups and names them in its registries with resourceGroups', () => {
    const body = appOf(deployed());
    const held = Object.keys(at(body, 'identity', 'userAssignedIdentities') as object);

    expect(held).toEqual([expect.stringMatching(/\/resourcegroups\/.*\/userAssignedIdentities\/id-orders$/)]);
    expect(at(body, 'properties', 'configuration', 'registries', 0, 'identity')).toMatch(/\/resourceGroups\//);
  });

  it('separates two kinds of identities with a comma and a space', () => {
    expect(at(appOf(deployed({}, { systemIdentity: true })), 'identity', 'type')).toBe('SystemAssigned, UserAssigned');
  });

  it('says null for a list that nothing is in', () => {
    const { properties } = appOf(deployed({}, { pullIdentity: undefined, registries: [] })) as { properties: unknown };

    expect(at(properties, 'configuration', 'registries')).toBeNull();
    expect(at(properties, 'configuration', 'secrets')).toBeNull();
    expect(at(properties, 'template', 'initContainers')).toBeNull();
  });

  it('shows its region in words, and the times of its changes without a zone', () => {
    const body = appOf(deployed());

    expect(at(body, 'location')).toBe('West Europe');
    expect(at(body, 'systemData', 'lastModifiedAt')).toMatch(/^2026-06-01T02:00:00\.\d{7}$/);
  });

  it('has its environment under both names', () => {
    const { properties } = appOf(deployed()) as { properties: unknown };

    expect(at(properties, 'managedEnvironmentId')).toMatch(/\/managedEnvironments\/cae-shop$/);
    expect(at(properties, 'environmentId')).toBe(at(properties, 'managedEnvironmentId'));
  });
});

describe('a revision and its replicas', () => {
  it('have times of whole seconds: a revision with an offset, a replica with a Z', () => {
    const world = deployed(role);
    const [revision] = list(world.arm('GET', `${world.app.id}/revisions`).body, 'value');
    const [replica] = list(world.arm('GET', `${String(at(revision, 'id'))}/replicas`).body, 'value');

    expect(at(revision, 'properties', 'createdTime')).toBe('2026-06-01T02:00:00+00:00');
    expect(at(replica, 'properties', 'createdTime')).toBe('2026-06-01T02:00:00Z');
  });

  it('has null for a suffix that nobody chose, where its app has an empty text', () => {
    const world = deployed();
    const [revision] = list(world.arm('GET', `${world.app.id}/revisions`).body, 'value');

    expect(at(revision, 'properties', 'template', 'revisionSuffix')).toBeNull();
    expect(at(appOf(world), 'properties', 'template', 'revisionSuffix')).toBe('');
  });

  it('says of a container that runs since when it does', () => {
    const world = deployed(role);
    const [replica] = list(world.arm('GET', `${world.app.id}/revisions/ca-orders--0000001/replicas`).body, 'value');

    expect(at(replica, 'properties', 'containers', 0, 'runningStateDetails')).toMatch(
      /^Container started at: 6\/1\/2026 2:00:\d\d AM\.$/,
    );
  });
});

describe('an environment', () => {
  const environmentOf = (more: Record<string, unknown> = {}): unknown => {
    const world = small({ environments: [{ name: 'cae-shop', ...more }] });
    const [environment] = world.sim.environments.values();
    return world.arm('GET', environment?.id ?? '').body;
  };

  it('has a default domain with a label that is not its name', () => {
    expect(at(environmentOf(), 'properties', 'defaultDomain')).toMatch(
      /^[a-z]+-[0-9a-f]{8}\.westeurope\.azurecontainerapps\.io$/,
    );
  });

  it('says null for a network and for logs that it does not have', () => {
    const { properties } = environmentOf({ logs: 'none' }) as { properties: unknown };

    expect(at(properties, 'vnetConfiguration')).toBeNull();
    expect(at(properties, 'appLogsConfiguration')).toEqual({ destination: null, logAnalyticsConfiguration: null });
  });
});

describe('what is not there', () => {
  it('is answered by the gateway, which names the group and itself', () => {
    const { arm, app } = small();

    const answer = arm('GET', app.id);

    expect(answer).toMatchObject({ status: 404, headers: { 'x-ms-failure-cause': 'gateway' } });
    expect(at(answer.body, 'error', 'code')).toBe('ResourceNotFound');
    expect(at(answer.body, 'error', 'message')).toContain("under resource group 'rg-apps'");
  });
});
