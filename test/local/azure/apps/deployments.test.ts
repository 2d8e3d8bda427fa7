// Writes that the control plane validates: what is left of one that fails, and what tells of it.

import { describe, expect, it } from 'vitest';
import type { ResourceEvent } from '../../../../local/azure/model/records.ts';
import { at, list, minute, orders, type Small, small, startMs } from '../worlds.ts';

const validated = { ...orders, validated: true, deployed: 'later' };

const granted = { roleAssignments: [{ role: 'AcrPull', principal: 'id-orders', on: 'acrshop' }] };

const missing = [{ image: 'acrshop.azurecr.io/shop/orders:v9' }];

function told(world: Small): ResourceEvent[] {
  const events: ResourceEvent[] = [];
  world.sim.onResourceEvent = (event) => events.push(event);
  return events;
}

/** The message of the operation error, as the Activity Log gives it. */
function failure({ sim, arm, app, time }: Small): unknown {
  time.advance(2 * minute);
  const found = arm(
    'GET',
    `/subscriptions/${sim.world.subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
    {
      'api-version': '2015-04-01',
      $filter: `eventTimestamp ge '${new Date(startMs).toISOString()}' and resourceUri eq '${app.id}'`,
    },
  );
  const failed = list(found.body, 'value').find((one) => at(one, 'status', 'value') === 'Failed');
  const outcome = JSON.parse(String(at(failed, 'properties', 'statusMessage'))) as unknown;
  expect(outcome).toMatchObject({
    status: 'Failed',
    error: {
      code: 'ResourceOperationFailure',
      message: "The resource operation completed with terminal provisioning state 'Failed'.",
      details: [{ code: 'ContainerAppOperationError' }],
    },
  });
  return at(outcome, 'error', 'details', 0, 'message');
}

describe('a validated write whose pull fails', () => {
  it('leaves a failed app without a revision, which can be read with its own identity and the wanted template', () => {
    const world = small({ apps: [{ ...validated, pullIdentity: 'system' }] });
    const events = told(world);

    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(10 * minute);

    const { body } = world.arm('GET', world.app.id);
    expect(body).toMatchObject({
      identity: { type: 'SystemAssigned', principalId: world.app.systemPrincipalId },
      properties: {
        provisioningState: 'Failed',
        template: { containers: [{ name: 'app', image: 'acrshop.azurecr.io/shop/orders:v1' }] },
      },
    });
    expect(at(body, 'properties', 'latestRevisionName')).toBeUndefined();
    expect(at(body, 'properties', 'deploymentErrors')).toMatch(/^Failed to provision revision for container app/);
    expect(world.arm('GET', `${world.app.id}/revisions`).body).toEqual({ value: [] });
    expect(world.sim.logs).toEqual([]);
    expect(events).toMatchObject([
      { type: 'ResourceWriteFailure', operation: 'Microsoft.App/containerApps/write', resource: world.app.id },
    ]);
  });

  it('keeps the revision that served before', () => {
    const world = small({ ...granted, apps: [{ ...orders, validated: true, deployed: 'later' }] });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);

    world.now({ do: 'deploy', app: 'ca-orders', image: 'acrshop.azurecr.io/shop/orders:v9' });

    expect(world.arm('GET', world.app.id).body).toMatchObject({
      properties: { provisioningState: 'Failed', latestRevisionName: 'ca-orders--0000001' },
    });
    expect(list(world.arm('GET', `${world.app.id}/revisions`).body, 'value')).toHaveLength(1);
  });

  it('is forgotten by the app once a write succeeds', () => {
    const world = small({ ...granted, apps: [{ ...orders, validated: true, deployed: 'later' }] });
    const errors = (): unknown => at(world.arm('GET', world.app.id).body, 'properties', 'deploymentErrors');
    world.now({ do: 'deploy', app: 'ca-orders', image: 'acrshop.azurecr.io/shop/orders:v9' });

    expect(errors()).toContain('shop/orders:v9');
    world.now({ do: 'deploy', app: 'ca-orders', image: 'acrshop.azurecr.io/shop/orders:v2' });

    expect(errors()).toBeUndefined();
  });

  const field = (image: string, inner: string): string =>
    `Failed to provision revision for container app 'ca-orders'. Error details: The following field(s) are either invalid or missing. Field 'template.containers.app.image' is invalid with details: 'Invalid value: "${image}": ${inner}';..`;
  const v1 = 'acrshop.azurecr.io/shop/orders:v1';

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a managed identity without the role: only the identity and the registry',
      { apps: [validated] },
      field(
        v1,
        'unable to pull image using Managed identity /subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-apps/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders for registry acrshop.azurecr.io',
      ),
    ],
    [
      "the app's own identity without the role: the same, with its short name",
      { apps: [{ ...validated, pullIdentity: 'system' }] },
      field(v1, 'unable to pull image using Managed identity system for registry acrshop.azurecr.io'),
    ],
    [
      'no identity at all: that nobody is authenticated',
      { apps: [{ ...validated, pullIdentity: undefined }] },
      field(
        v1,
        'GET https:?scope=repository%3Ashop%2Forders%3Apull&service=acrshop.azurecr.io: UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information.',
      ),
    ],
    [
      'a tag that is not there: the tag',
      { ...granted, apps: [{ ...validated, containers: missing }] },
      field(
        'acrshop.azurecr.io/shop/orders:v9',
        'GET https:: MANIFEST_UNKNOWN: manifest tagged by "v9" is not found; map[Tag:v9]',
      ),
    ],
    [
      "the registry's firewall: what it answered",
      {
        ...granted,
        registries: [{ name: 'acrshop', defaultAction: 'Deny', repositories: { 'shop/orders': ['v1'] } }],
        apps: [validated],
      },
      field(
        v1,
        "GET https:: DENIED: client with IP '20.50.60.70' is not allowed access, refer https://aka.ms/acr/firewall to grant access",
      ),
    ],
  ])('says for %s', (_, world, message) => {
    const made = small(world);

    made.now({ do: 'deploy', app: 'ca-orders' });

    expect(failure(made)).toBe(message);
  });
});

describe('a write whose pull works, or that nobody validates', () => {
  it('makes a revision and succeeds', () => {
    const world = small({ ...granted, apps: [validated] });
    const events = told(world);

    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);

    expect(world.arm('GET', world.app.id).body).toMatchObject({
      properties: { provisioningState: 'Succeeded', latestReadyRevisionName: 'ca-orders--0000001' },
    });
    expect(events.map((event) => event.type)).toEqual(['ResourceWriteSuccess']);
  });

  it('succeeds again after a failure, once the role is there', () => {
    const world = small({ apps: [validated] });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.now({ do: 'assign-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop', propagation: '1m' });
    world.time.advance(minute);

    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);

    expect(world.arm('GET', world.app.id).body).toMatchObject({
      properties: { provisioningState: 'Succeeded', latestReadyRevisionName: 'ca-orders--0000001' },
    });
  });

  it('does not validate an image again whose reference has not changed', () => {
    const world = small({ ...granted, apps: [validated] });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.now({ do: 'remove-role', role: 'AcrPull', principal: 'id-orders', on: 'acrshop' });

    world.now({ do: 'deploy', app: 'ca-orders' });

    expect(world.app.revisions).toHaveLength(2);
    expect(world.app.provisioningState).toBe('Succeeded');
  });

  it('fails only at run time when nobody validates', () => {
    const world = small();

    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);

    expect(world.app.provisioningState).toBe('Succeeded');
    expect(world.sim.logs.map((row) => row.reason)).toContain('ImagePullUnauthorized');
  });
});
