// What a scenario file can say of outages whose cause is not in its world, and of registries that need no sign-in.
import { describe, expect, it } from 'vitest';
import { pullOutcome } from '../../../../local/azure/apps/pulls.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { small as withRegistry } from '../registry-worlds.ts';
import { orders, small } from '../worlds.ts';

type World = ReturnType<typeof small>;

function outcome({ sim }: Pick<World, 'sim'>, image = 'acrshop.azurecr.io/shop/orders:v1'): string {
  const app = sim.apps.get('ca-orders');
  if (app === undefined) throw new Error('no app');
  const result = pullOutcome(sim, app, { name: 'app', image, init: false });
  return result.ok ? 'pulled' : result.text;
}

function written(host: string, answers: string): World {
  const app = { ...orders, validated: true, deployed: 'later', containers: [{ image: `${host}/contoso/a:v1` }] };
  const world = small({ apps: [app], publicRegistries: [{ host, answers }] });
  happen(world.sim, { at: 0, do: 'deploy', app: 'ca-orders' });
  return world;
}

describe('a validated write of a public image', () => {
  it.each([
    ['quay.io', 'not-found', 'MANIFEST_UNKNOWN'],
    ['docker.io', 'rate-limited', 'TOOMANYREQUESTS'],
    ['quay.io', 'unavailable', '503 Service Unavailable'],
    ['quay.io', 'no-such-host', 'no such host'],
    ['quay.io', 'untrusted-certificate', 'x509'],
    ['quay.io', 'wrong-platform', 'no child with platform'],
    ['ghcr.io', 'unauthorized', 'DENIED'],
    ['quay.io', 'unauthorized', 'UNAUTHORIZED'],
  ])('fails as %s answers: %s', (host, answers, said) => {
    expect(written(host, answers).app.writeError?.message).toContain(said);
  });

  it.each(['ok', 'broken-image', 'disk-full'])('succeeds where its manifest can be read: %s', (answers) => {
    expect(written('quay.io', answers).app).toMatchObject({ provisioningState: 'Succeeded' });
  });
});

describe('a write that Azure rejects', () => {
  it('leaves the given text and no revision, whatever the world says of the image', () => {
    const world = small({ apps: [{ ...orders, deployed: 'later' }] });
    happen(world.sim, {
      at: 0,
      do: 'reject-deploy',
      app: 'ca-orders',
      code: 'ContainerAppOperationError',
      text: 'quota exceeded',
    });

    expect(world.app).toMatchObject({ provisioningState: 'Failed', writeError: { message: 'quota exceeded' } });
    expect(world.app.revisions).toEqual([]);
  });
});

describe('pulls that fail without a cause in the world', () => {
  const roleAssignments = [{ role: 'AcrPull', principal: 'id-orders', on: 'acrshop' }];

  it('end with the given text until the text is taken back', () => {
    const world = small({ roleAssignments, apps: [{ ...orders, pullFails: { text: 'a text of another outage' } }] });

    expect(outcome(world)).toBe('a text of another outage');
    happen(world.sim, { at: 0, do: 'set-pull-failure', app: 'ca-orders' });
    expect(outcome(world)).toBe('pulled');
    happen(world.sim, { at: 0, do: 'set-pull-failure', app: 'ca-orders', text: 'again' });
    expect(outcome(world)).toBe('again');
  });
});

describe('a registry that lets pulls without a sign-in through', () => {
  const app = { ...orders, pullIdentity: undefined, registries: [] };

  it('asks for no role and no entry; any other does', () => {
    expect(outcome(withRegistry({ apps: [app] }, { anonymousPull: true }))).toBe('pulled');
    expect(outcome(withRegistry({ apps: [app] }))).toContain('unauthorized');
  });
});
