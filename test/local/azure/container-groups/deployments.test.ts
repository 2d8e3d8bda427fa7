// What the service refuses as a group is written, with the codes and the words that were published.
import { describe, expect, it } from 'vitest';
import { at, minute } from '../worlds.ts';
import { ask, deploy, eventsOf, grouped, refusedWrite, role, shown } from './group-worlds.ts';

const entry = { server: 'acrshop.azurecr.io' };

describe('a write', () => {
  it.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'a missing role',
      {},
      'InaccessibleImage',
      /^The image '.*\/orders:v1' in container group 'aci-orders' is not accessible\. /,
    ],
    [
      'a missing tag',
      { containers: [{ image: 'acrshop.azurecr.io/shop/orders:v9' }] },
      'InaccessibleImage',
      /orders:v9/,
    ],
    [
      'an identity that the group does not have',
      { pullIdentityAssigned: false },
      'InvalidImageRegistryIdentity',
      /not found in container group identity list/,
    ],
    [
      'a system-assigned identity',
      { pullIdentity: 'system', systemIdentity: true },
      'InvalidImageRegistryCredentialType',
      /is not supported/,
    ],
    [
      'an identity and a user name',
      { pullIdentity: undefined, registries: [{ ...entry, identity: 'id-orders', username: 'shop' }] },
      'AmbiguousImageResitryCredentialType',
      /aci-orders/,
    ],
  ])('with %s is refused, and no group is there', (_, group, code, words) => {
    const world = grouped(group);
    deploy(world);

    expect(refusedWrite(world)).toMatchObject({ code, message: expect.stringMatching(words) as unknown });
    expect(ask(world).status).toBe(404);
  });

  it('is refused with the name of the index where Docker Hub limits pulls', () => {
    const hub = { publicRegistries: [{ host: 'docker.io', answers: 'rate-limited' }] };
    const world = grouped({ pullIdentity: undefined, containers: [{ image: 'nginx:1.27' }] }, hub);
    deploy(world);

    expect(refusedWrite(world)).toEqual({
      code: 'RegistryErrorResponse',
      message: "An error response is received from the docker registry 'index.docker.io'. Please retry later.",
    });
  });

  it('that is refused stands in the Activity Log with the error as its body', () => {
    const world = grouped();
    deploy(world);
    world.time.advance(3 * minute);
    const filter = `eventTimestamp ge '2026-06-01T00:00:00Z' and resourceUri eq '${world.app.id}'`;
    const path = `/subscriptions/${world.sim.world.subscription}/providers/Microsoft.Insights/eventTypes/management/values`;
    const { body } = world.arm('GET', path, { 'api-version': '2015-04-01', $filter: filter });

    expect(body).toMatchObject({
      value: [
        {
          status: { value: 'Failed' },
          subStatus: { value: 'BadRequest' },
          operationName: { value: 'Microsoft.ContainerInstance/containerGroups/write' },
          properties: { statusMessage: expect.stringMatching(/^\{"error":\{"code":"InaccessibleImage",/) as unknown },
        },
        { status: { value: 'Started' } },
      ],
    });
  });

  it('that is refused leaves the group that was there as it was', () => {
    const world = grouped({}, role);
    deploy(world);
    world.time.advance(2 * minute);
    deploy(world, { image: 'acrshop.azurecr.io/shop/orders:v9' });

    expect(refusedWrite(world)?.code).toBe('InaccessibleImage');
    expect(eventsOf(world).at(-1)).toBe('Started: Started container (1)');
    expect(at(shown(world), 'properties', 'containers', 0, 'properties', 'image')).toMatch(/orders:v1$/);
  });

  it('that is refused for its new entries leaves those of before', () => {
    const world = grouped({ pullIdentity: undefined, registries: [{ ...entry, identity: 'id-orders' }] }, role);
    deploy(world);
    world.time.advance(2 * minute);
    world.now({ do: 'configure-app', app: 'aci-orders', registries: [{ ...entry, username: 'shop' }] });

    expect(refusedWrite(world)?.code).toBe('InaccessibleImage');
    expect(at(shown(world), 'properties', 'imageRegistryCredentials', 0)).not.toHaveProperty('username');
  });

  it('that goes through begins a new list of events', () => {
    const world = grouped({}, role);
    deploy(world);
    world.time.advance(2 * minute);
    deploy(world, { image: 'acrshop.azurecr.io/shop/orders:v2' });
    world.time.advance(1000);

    expect(eventsOf(world)).toEqual([expect.stringMatching(/^Pulling: .*\(1\)$/)]);
  });
});
