// Who a scenario means by a principal, which groups a principal is in, and what a scope is.

import type { World } from '../world/world.ts';
import { groupId, guidFor, resourceId } from './ids.ts';
import type { Sim } from './sim.ts';

/** The object id behind a principal as a scenario writes it. */
export function principalIdOf(sim: Pick<Sim, 'identities' | 'apps' | 'environments'>, text: string): string {
  const [kind, rest] = text.split(':');
  if (kind === 'group-of' && rest !== undefined) return groupPrincipal(rest);
  const id =
    rest === undefined
      ? sim.identities.get(text)?.principalId
      : kind === 'app'
        ? sim.apps.get(rest)?.systemPrincipalId
        : sim.environments.get(rest)?.principalId;
  if (id === undefined) throw new Error(`"${text}" has no identity in this world.`);
  return id;
}

/** The scope that a scenario means. */
export function scopeOf(sim: Pick<Sim, 'world' | 'registries'>, text: string): string {
  if (text === 'subscription') return `/subscriptions/${sim.world.subscription}`;
  if (text.startsWith('group:')) return groupId(sim.world, text.slice('group:'.length));
  if (text.startsWith('vault:')) return vaultId(sim.world, text.slice('vault:'.length));
  return sim.registries.get(text)?.id ?? text;
}

/** The id of a Key Vault of the world. */
export function vaultId(world: World, name: string): string {
  const group = world.keyVaults.find((one) => one.name === name)?.group ?? 'rg-vault';
  return resourceId(world, group, 'Microsoft.KeyVault/vaults', name);
}

/** A principal and the groups that it is in. */
export function principalsOf(sim: Sim, principalId: string): string[] {
  const groups = sim.world.groups.filter((group) =>
    group.members.some((member) => principalIdOf(sim, member) === principalId),
  );
  return [principalId, ...groups.map((group) => groupPrincipal(group.name))];
}

/** Whether the object id is that of a group. */
export function isGroup(sim: Sim, principalId: string): boolean {
  return sim.world.groups.some((group) => groupPrincipal(group.name) === principalId);
}

/** How long a new assignment takes: the back end of managed identities remembers what their groups could for a day. */
export function propagationOf(sim: Sim, principalId: string, asked: number | undefined): number {
  const { groupPropagation, rolePropagation } = sim.world.delays;
  return asked ?? (isGroup(sim, principalId) ? groupPropagation : rolePropagation);
}

/** The object id of a group in Entra. */
function groupPrincipal(name: string): string {
  return guidFor(`principal|group|${name}`);
}
