// Who may pull for a container group, and what the runtime says of a refusal.
import { describe, expect, it } from 'vitest';
import { groupPull } from '../../../../local/azure/container-groups/pulls.ts';
import type { Small } from '../worlds.ts';
import { grouped, image, role } from './group-worlds.ts';

function pull({ sim, app }: Small): string {
  const [container] = app.containers;
  if (container === undefined) throw new Error('a group has a container');
  const outcome = groupPull(sim, app, container);
  return outcome.ok ? 'pulled' : outcome.said;
}

const shop = { name: 'acrshop', repositories: { 'shop/orders': ['v1'] } };
const restricted = { ...shop, defaultAction: 'Deny' };
const byPassword = {
  pullIdentity: undefined,
  registries: [{ server: 'acrshop.azurecr.io', username: 'acrshop', passwordSecretRef: 'p' }],
  secrets: [{ name: 'p' }],
};

describe('a pull', () => {
  it('works with a user-assigned identity that has the role', () => {
    expect(pull(grouped({}, role))).toBe('pulled');
  });

  it('works with no system-assigned identity, whatever its roles', () => {
    const roleAssignments = [{ role: 'AcrPull', principal: 'app:aci-orders', on: 'acrshop' }];
    const world = grouped({ pullIdentity: 'system', deployed: 'running' }, { roleAssignments });

    expect(pull(world)).toMatch(/unauthorized: authentication required/);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>, RegExp]>([
    ['an identity, as a trusted service', {}, restricted, /^pulled$/],
    ['an identity, where the public network is closed', {}, { ...shop, publicNetworkAccess: 'Disabled' }, /^pulled$/],
    [
      'an identity, where no trusted service passes',
      {},
      { ...restricted, trustedServices: false },
      /denied: client with IP/,
    ],
    ['a password', byPassword, { ...restricted, adminUserEnabled: true }, /denied: client with IP/],
    [
      'a password and a rule for every address',
      byPassword,
      { ...restricted, adminUserEnabled: true, ipRules: ['0.0.0.0/0'] },
      /denied: client with IP/,
    ],
  ])('from a restricted registry with %s', (_, group, registry, said) => {
    expect(pull(grouped(group, { ...role, registries: [registry] }))).toMatch(said);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'acrshop.azurecr.io/shop/orders:v9',
      {},
      /^manifest for .*:v9 not found: manifest unknown: manifest tagged by "v9" is not found$/,
    ],
    ['acrshp.azurecr.io/shop/orders:v1', {}, /lookup acrshp\.azurecr\.io on 168\.63\.129\.16:53: no such host$/],
    ['nginx:1.27', { publicRegistries: [{ host: 'docker.io', answers: 'rate-limited' }] }, /^toomanyrequests: /],
    [
      'registry.contoso.example/orders:v1',
      { publicRegistries: [{ host: 'registry.contoso.example', answers: 'unauthorized' }] },
      /^pull access denied for registry\.contoso\.example\/orders, /,
    ],
  ])('of %s fails in the words of the runtime', (wanted, more, said) => {
    expect(pull(grouped({ containers: [{ image: wanted }] }, { ...role, ...more }))).toMatch(said);
  });

  it('of what the world says fails as it says, and works again when that is over', () => {
    const world = grouped({}, role);
    world.now({ do: 'set-pull-failure', app: 'aci-orders', text: 'unexpected EOF' });
    expect(pull(world)).toBe('unexpected EOF');

    world.now({ do: 'set-pull-failure', app: 'aci-orders' });
    expect(pull(world)).toBe('pulled');
    expect(image).toContain('acrshop');
  });
});
