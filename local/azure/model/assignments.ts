// Role assignments and deny assignments, and the ids of roles.
import { guidFor } from './ids.ts';

/** A role assignment; it counts from `effectiveMs` on. */
export interface Assignment {
  readonly name: string;
  readonly scope: string;
  readonly roleId: string;
  readonly principalId: string;
  readonly createdMs: number;
  readonly effectiveMs: number;
  readonly condition?: string;
  readonly description?: string;
  readonly by: 'world' | 'pullmedic';
}

/** A deny assignment. */
export interface DenyAssignment {
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
}

/** The ids of the built-in roles that scenarios can assign. */
export const roleIds: Readonly<Record<string, string>> = {
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
};

/** The id of a role by its name; custom ones have one that follows from the name. */
export function roleIdOf(role: string): string {
  return roleIds[role] ?? guidFor(`role|${role}`);
}
