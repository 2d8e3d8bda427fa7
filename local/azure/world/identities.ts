// What a scenario file says of identities, groups, roles and deny assignments.
import { z } from 'zod';
import { duration, durationOr } from './duration.ts';
import { groupName, name } from './words.ts';

/** A user-assigned identity. */
export const identity = z.strictObject({
  name,
  group: groupName.default('rg-apps'),
  /** Names of its federated credentials: with each of them a workload outside of Azure's resources signs in as the identity. */
  federated: z.array(name).default([]),
});

/** A Key Vault, whose secrets are read by roles, as in a new one. */
export const keyVault = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/, 'is not a valid vault name'),
  group: groupName.default('rg-vault'),
  /** `restricted`: closed to the public network, and no private endpoint leads to it. */
  network: z.enum(['open', 'restricted']).default('open'),
});

/** A virtual machine that holds identities. It pulls nothing; what matters is who else would get a role. */
export const virtualMachine = z.strictObject({
  name,
  group: groupName.default('rg-apps'),
  identities: z.array(z.string()).default([]),
  /** Whether pullmedic may read it. Its own role does not let it; the built-in role Reader does. */
  readable: z.boolean().default(false),
});

/** A group of identities; what is assigned to it takes a day to work for them. */
export const group = z.strictObject({ name, members: z.array(z.string()).default([]) });

/** The built-in roles that a scenario can assign. */
export const roleNames = [
  'AcrPull',
  'AcrPush',
  'Reader',
  'Contributor',
  'Owner',
  'Container Registry Repository Reader',
  'Key Vault Secrets User',
] as const;

/** A role that the owner of the subscription defined. */
export const customRole = z.strictObject({
  name: z.string().min(1),
  actions: z.array(z.string()).default([]),
  notActions: z.array(z.string()).default([]),
  dataActions: z.array(z.string()).default([]),
  notDataActions: z.array(z.string()).default([]),
});

/** A built-in role or the name of a custom one. */
export const roleName = z.enum(roleNames).or(z.string().min(1));

/** A role assignment that is there from the beginning. */
export const roleAssignment = z.strictObject({
  role: roleName,
  /** A user-assigned identity, `app:<name>` for an app's system identity, `environment:<name>` for an environment's, `group-of:<name>`. */
  principal: z.string(),
  /** A registry's name, `vault:<name>`, `group:<name>` or `subscription`. */
  on: z.string(),
  age: durationOr('30d'),
  /** How long after its creation it takes effect. */
  propagation: duration.optional(),
  /** An ABAC condition, version 2.0; the documented forms on a repository's name are evaluated. */
  condition: z.string().min(1).optional(),
});

/** A deny assignment that is there from the beginning. */
export const denyAssignment = z.strictObject({
  principal: z.string(),
  on: z.string(),
  /** Patterns as in a role; one that names neither denies everything. */
  actions: z.array(z.string()).optional(),
  dataActions: z.array(z.string()).optional(),
});
