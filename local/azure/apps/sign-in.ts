// How the platform signs in to a registry for an app, and whether the registry lets the app pull.

import { conditionHolds } from '../authorization/conditions.ts';
import { isDenied } from '../authorization/deny-assignments.ts';
import { roleAllows } from '../authorization/role-definitions.ts';
import type { App, RegistryEntry, Secret } from '../model/apps.ts';
import type { Assignment } from '../model/assignments.ts';
import { sameId } from '../model/ids.ts';
import { principalIdOf, principalsOf, vaultId } from '../model/principals.ts';
import type { Registry, RegistryToken } from '../model/registries.ts';
import { note, type Sim } from '../model/sim.ts';

const pullActions = {
  LegacyRegistryPermissions: { kind: 'action', name: 'Microsoft.ContainerRegistry/registries/pull/read' },
  AbacRepositoryPermissions: {
    kind: 'dataAction',
    name: 'Microsoft.ContainerRegistry/registries/repositories/content/read',
  },
} as const;

/** Whether the registry lets the app pull now. Identities sign in with tokens of the ARM audience. */
export function letsIn(sim: Sim, app: App, registry: Registry, repository: string): boolean {
  const entry = entryFor(app, registry);
  if (entry === undefined) return registry.anonymousPull;
  if (entry.identity === undefined) return passwordWorks(sim, app, registry, entry);
  return registry.armAudience === 'enabled' && mayPull(sim, app, registry, repository);
}

/** Whether the identity may pull now: an assignment at or above the registry whose propagation is over, and no denial. */
export function mayPull(sim: Sim, app: App, registry: Registry, repository: string): boolean {
  const principal = pullPrincipal(sim, app, registry);
  const held = new Set(principal === undefined ? [] : principalsOf(sim, principal));
  const pull = pullActions[registry.roleMode];
  const nowMs = sim.scheduler.now();
  if (isDenied(sim, principal, registry.id, pull)) return false;
  return sim.assignments.some(
    (one) =>
      held.has(one.principalId) &&
      roleAllows(sim, one.roleId, pull) &&
      one.effectiveMs <= nowMs &&
      `${registry.id.toLowerCase()}/`.startsWith(`${one.scope.toLowerCase()}/`) &&
      conditionAllows(sim, registry, one, repository),
  );
}

/** Whether a condition lets the pull of a repository happen. Only registries with repository permissions know repositories. */
function conditionAllows(sim: Sim, registry: Registry, held: Assignment, repository: string): boolean {
  if (held.condition === undefined || registry.roleMode !== 'AbacRepositoryPermissions') return true;
  const { name } = pullActions.AbacRepositoryPermissions;
  const allowed = conditionHolds(held.condition, { action: name, repository });
  if (allowed === undefined)
    note(sim, `the condition of assignment ${held.name} is not modelled; it denies the pull of ${repository}`);
  return allowed ?? false;
}

/** The entry by which the app pulls from a registry; `undefined` where it declares none, and so does not sign in. */
export function entryFor(app: App, registry: Registry): RegistryEntry | undefined {
  if (app.registries !== undefined)
    return app.registries.find(({ server }) => registry.hosts.includes(server.toLowerCase()));
  return app.pullIdentity === undefined ? undefined : { server: registry.loginServer, identity: app.pullIdentity };
}

/** The principal that pulls; `undefined` if its identity was deleted. */
export function pullPrincipal(sim: Sim, app: App, registry: Registry): string | undefined {
  const identity = entryFor(app, registry)?.identity;
  if (identity === undefined || sim.deleted.has(identity)) return undefined;
  // Only a user-assigned identity pulls for a container group (Microsoft, September 2026).
  if (app.containerGroup !== undefined && identity.startsWith('system')) return undefined;
  if (identity === 'system') return app.systemPrincipalId;
  if (identity === 'system-environment') return sim.environments.get(app.environment)?.principalId;
  return app.pullIdentityAssigned ? principalIdOf(sim, identity) : undefined;
}

/**
 * Whether the app can sign in with its user name and secret. The admin user works only while it is enabled, a token follows its own
 * rules, and any other user name needs the right secret only.
 */
function passwordWorks(
  sim: Sim,
  app: App,
  registry: Registry,
  { username = '', passwordSecretRef }: RegistryEntry,
): boolean {
  const secret = app.secrets.find(({ name }) => name === passwordSecretRef);
  if (secret?.valid !== true || !mayReadSecret(sim, app, secret)) return false;
  if (sameId(username, registry.name)) return registry.adminUserEnabled;
  const token = registry.tokens.find(({ name }) => sameId(name, username));
  return token === undefined || tokenWorks(sim, token, secret.password);
}

/** Whether the platform can read a secret of Key Vault now: the identity has the role, and the network of the vault is open. */
export function mayReadSecret(sim: Sim, app: App, { keyVault }: Secret): boolean {
  if (keyVault === undefined) return true;
  const { vault, identity } = keyVault;
  const open = sim.world.keyVaults.find(({ name }) => name === vault)?.network === 'open';
  const principal = identity === 'system' ? app.systemPrincipalId : heldIdentity(sim, app, identity);
  if (principal === undefined || !open) return false;
  const held = new Set(principalsOf(sim, principal));
  const id = `${vaultId(sim.world, vault).toLowerCase()}/`;
  return sim.assignments.some(
    (one) =>
      held.has(one.principalId) &&
      roleAllows(sim, one.roleId, getSecret) &&
      one.effectiveMs <= sim.scheduler.now() &&
      id.startsWith(`${one.scope.toLowerCase()}/`),
  );
}

const getSecret = { kind: 'dataAction', name: 'Microsoft.KeyVault/vaults/secrets/getSecret/action' } as const;

function heldIdentity(sim: Sim, app: App, identity: string): string | undefined {
  return app.identities.includes(identity) && !sim.deleted.has(identity) ? principalIdOf(sim, identity) : undefined;
}

/** A token lets in while it is enabled and the password that the secret holds has not ended. */
function tokenWorks(sim: Sim, { enabled, passwords }: RegistryToken, held: string): boolean {
  const password = passwords.find(({ name }) => name === held);
  return enabled && password !== undefined && (password.expiresMs ?? Infinity) > sim.scheduler.now();
}
