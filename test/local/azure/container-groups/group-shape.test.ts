// A container group as ARM shows it: the members and looks that the real service was recorded with.
import { describe, expect, it } from 'vitest';
import { at, list, minute } from '../worlds.ts';
import { ask, deploy, eventsOf, grouped, image, role, shown, viewOf } from './group-worlds.ts';

describe('a group', () => {
  it('has no instance view of its containers before anything of them is known', () => {
    const world = grouped({}, role);
    deploy(world);

    expect(at(shown(world), 'properties', 'containers', 0, 'properties', 'instanceView')).toBeUndefined();
    expect(at(shown(world), 'properties', 'instanceView')).toEqual({ events: [], state: 'Pending' });
  });

  it('names the identity of an entry by its id, and the user of one without a password', () => {
    const entries = [
      { server: 'acrshop.azurecr.io', identity: 'id-orders' },
      { server: 'docker.io', username: 'shop', passwordSecretRef: 'p' },
    ];
    const world = grouped({ pullIdentity: undefined, registries: entries, secrets: [{ name: 'p' }] }, role);
    deploy(world);

    expect(at(shown(world), 'properties', 'imageRegistryCredentials')).toEqual([
      {
        server: 'acrshop.azurecr.io',
        identity: expect.stringMatching(/\/userAssignedIdentities\/id-orders$/) as unknown,
      },
      { server: 'docker.io', username: 'shop' },
    ]);
  });

  it('leaves out the entries and the identity that it does not have', () => {
    const world = grouped({ pullIdentity: undefined, containers: [{ image: 'nginx:1.27' }] });
    deploy(world);

    expect(shown(world)).not.toHaveProperty('identity');
    expect(at(shown(world), 'properties')).not.toHaveProperty('imageRegistryCredentials');
  });

  it('counts the same event again, with its first and its last time, and names what it pulled by its digest', () => {
    const world = grouped({}, role);
    deploy(world);
    world.time.advance(2 * minute);
    world.now({ do: 'restart-group', app: 'aci-orders' });
    world.time.advance(2 * minute);

    expect(eventsOf(world)).toEqual([
      expect.stringMatching(/^Pulling: pulling image "acrshop\.azurecr\.io\/shop\/orders@sha256:[0-9a-f]{64}" \(2\)$/),
      expect.stringMatching(/^Pulled: Successfully pulled image ".*@sha256:[0-9a-f]{64}" \(2\)$/),
      'Created: Created container (2)',
      'Started: Started container (2)',
      'Killing: Killing container (1)',
    ]);
    expect(viewOf(world, 'previousState')).toMatchObject({
      state: 'Terminated',
      exitCode: 0,
      detailStatus: 'Completed',
    });
    const pulling = at(viewOf(world, 'events'), 0);
    expect(at(pulling, 'firstTimestamp')).toBe('2026-06-01T02:00:01Z');
    expect(at(pulling, 'lastTimestamp')).toBe('2026-06-01T02:02:01Z');
  });

  it('shows no instance view in a list, and its init containers apart', () => {
    const world = grouped({ containers: [{ image }, { name: 'prepare', image, init: true }] }, role);
    deploy(world);
    world.time.advance(3 * minute);
    const [, resources] = /^(.*)\/aci-orders$/.exec(world.app.id) ?? [];
    const { body } = world.arm('GET', resources ?? '', { 'api-version': '2025-09-01' });
    const [item] = list(body, 'value');

    expect(at(item, 'properties')).not.toHaveProperty('instanceView');
    expect(at(item, 'properties', 'containers', 0, 'properties')).not.toHaveProperty('instanceView');
    expect(list(shown(world), 'properties', 'initContainers').map((one) => at(one, 'name'))).toEqual(['prepare']);
    expect(list(shown(world), 'properties', 'containers').map((one) => at(one, 'name'))).toEqual(['app']);
  });

  it('is not found before it is made, and in a version that its region does not know', () => {
    const missing = grouped();
    const old = grouped({ apiVersion: '2023-05-01', deployed: 'running' });

    expect(ask(missing)).toMatchObject({ status: 404, body: { error: { code: 'ResourceNotFound' } } });
    expect(ask(old)).toMatchObject({ status: 400, body: { error: { code: 'NoRegisteredProviderFound' } } });
    expect(ask(old, 'GET', '', '2023-05-01').status).toBe(200);
  });
});
