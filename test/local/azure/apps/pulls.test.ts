import { describe, expect, it } from 'vitest';
import { pullOutcome } from '../../../../local/azure/apps/pulls.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import type { Sim } from '../../../../local/azure/model/sim.ts';
import { minute, type Small, small } from '../registry-worlds.ts';

const granted = { role: 'AcrPull', principal: 'id-orders', on: 'acrshop' } as const;

function outcome({ sim }: { readonly sim: Sim }, image: string): string {
  const app = sim.apps.get('ca-orders');
  if (app === undefined) throw new Error('no app');
  const result = pullOutcome(sim, app, { name: 'app', image, init: false });
  return result.ok ? 'pulled' : result.text;
}

function withRole(): Small {
  return small({ roleAssignments: [granted] });
}

describe('a pull', () => {
  it('by digest works as long as the image is there, whatever its tag points at now', () => {
    const world = withRole();
    const digest = world.registry.repositories.get('shop/orders')?.tags.get('v1')?.digest ?? '';
    const image = `acrshop.azurecr.io/shop/orders@${digest}`;
    world.time.advance(minute);
    happen(world.sim, { at: 0, do: 'push-tag', registry: 'acrshop', repository: 'shop/orders', tag: 'v1' });

    expect(outcome(world, image)).toBe('pulled');
    expect(outcome(world, `${image.slice(0, -4)}0000`)).toContain('MANIFEST_UNKNOWN');
  });

  it.each([
    ['acrshop.azurecr.io/shop/orders:v9', String.raw`manifest tagged by \"v9\" is not found","detail":{"Tag":"v9"}`],
    ['acrshop.azurecr.io/shop/orders', 'manifest tagged by \\"latest\\" is not found'],
    ['acrshop.azurecr.io/shop/none:v1', 'MANIFEST_UNKNOWN'],
  ])('of %s fails with what the registry says', (image, text) => {
    expect(outcome(withRole(), image)).toContain(text);
  });
});

describe('a name that no registry can have', () => {
  it.each([
    ['/albumapp-ui:v1', 'invalid reference format'],
    ['acrshop.azurecr.io/shop/#{name}:v1', 'invalid reference format'],
    ['acrshop.azurecr.io/Shop/Orders:v1', 'invalid reference format'],
    ['acrshop.azurecr.io/shop/orders:v1 beta', 'invalid reference format'],
    ['docker.io/docker.io/contoso/orders:v1', 'pull access denied'],
    ['acrshop.azurecr.io.azurecr.io/shop/orders:v1', 'no such host'],
  ])('%s fails, whatever roles there are', (image, text) => {
    expect(outcome(withRole(), image)).toContain(text);
  });

  it('is not what a name with a port, a digest or no host is', () => {
    for (const name of ['nginx', 'contoso/my.app:V1', 'localhost:5000/a', `ghcr.io/a/b@sha256:${'0'.repeat(64)}`])
      expect(outcome(withRole(), name)).toBe('pulled');
  });
});

describe('a role with a condition', () => {
  const name = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]';
  const reader = { role: 'Container Registry Repository Reader', principal: 'id-orders', on: 'acrshop' } as const;
  const image = 'acrshop.azurecr.io/shop/orders:v1';
  const unauthorized = 'Container pull image failed with unauthorized error.';

  function abac(condition: string): Small {
    return small({ roleAssignments: [{ ...reader, condition }] }, { roleMode: 'AbacRepositoryPermissions' });
  }

  it('pulls the repository that it names and no other', () => {
    expect(outcome(abac(`${name} StringEquals 'shop/orders'`), image)).toBe('pulled');
    expect(outcome(abac(`${name} StringStartsWith 'other/'`), image)).toBe(unauthorized);
  });

  it('that is not understood denies the pull and says so', () => {
    const world = abac(`${name} StringLike 'shop/*'`);

    expect(outcome(world, image)).toBe(unauthorized);
    expect(world.sim.timeline.at(-1)?.text).toMatch(/^the condition of assignment .+ is not modelled; it denies/);
  });

  it('does not stand in the way of another role without one', () => {
    const world = small(
      { roleAssignments: [{ ...reader, condition: 'no' }, reader] },
      { roleMode: 'AbacRepositoryPermissions' },
    );

    expect(outcome(world, image)).toBe('pulled');
  });

  it('plays no part on a registry without repository permissions', () => {
    expect(outcome(small({ roleAssignments: [{ ...granted, condition: 'no' }] }), image)).toBe('pulled');
  });

  it('can be assigned while the scenario runs', () => {
    const world = small({}, { roleMode: 'AbacRepositoryPermissions' });
    const condition = `${name} StringEquals 'shop/orders'`;
    happen(world.sim, { at: 0, do: 'assign-role', ...reader, propagation: 0, condition });

    expect(outcome(world, image)).toBe('pulled');
    expect(outcome(world, 'acrshop.azurecr.io/shop/other:v1')).toBe(unauthorized);
  });
});
