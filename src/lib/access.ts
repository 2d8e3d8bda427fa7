// Whether the declared identity may pull: role definitions resolved to actions, in the registry's own role mode.
import type { AssignmentFacts, Permissions, RegistryFacts } from './evidence.ts';
import type { Fact } from './fact.ts';

/** Role ids are the same in every tenant. Source: Azure's list of built-in roles. */
export const acrPullRole = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
export const repositoryReaderRole = 'b93aa761-3e63-49ed-ac28-beffa264f7ac';

const pullAction = 'microsoft.containerregistry/registries/pull/read';
const readContent = 'microsoft.containerregistry/registries/repositories/content/read';

export type Access =
  | { readonly answer: 'can'; readonly since: number; readonly assignment: string; readonly direct: boolean }
  | { readonly answer: 'cannot'; readonly unusedAcrPull: boolean }
  | {
      readonly answer: 'cannot-tell';
      readonly why: 'roles-unreadable' | 'role-definition-unreadable' | 'condition' | 'role-mode-unknown';
    };

/** A role's pattern, `*` for any run of characters, compared without case as Azure does. */
function patternCovers(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return first === action;
  if (!action.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = action.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = rest.at(-1) ?? '';
  return action.length - at >= last.length && action.endsWith(last);
}

function covers(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => patternCovers(pattern, action));
}

function permits(permission: Permissions, mode: 'legacy' | 'abac'): boolean {
  return mode === 'legacy'
    ? covers(permission.actions, pullAction) && !covers(permission.notActions, pullAction)
    : covers(permission.dataActions, readContent) && !covers(permission.notDataActions, readContent);
}

/** Whether one assignment lets its holder pull, by the role's own definition. `undefined`: the definition could not be read. */
function letsPull(assignment: AssignmentFacts, mode: 'legacy' | 'abac'): boolean | undefined {
  if (!assignment.permissions.read) return undefined;
  return assignment.permissions.value.some((permission) => permits(permission, mode));
}

function best(assignments: readonly AssignmentFacts[]): AssignmentFacts | undefined {
  return [...assignments].sort((a, b) => a.createdAtMs - b.createdAtMs)[0];
}

function fromAssignments(
  assignments: readonly AssignmentFacts[],
  mode: 'legacy' | 'abac',
  principalId: string,
): Access {
  const able = assignments.filter((assignment) => letsPull(assignment, mode) === true);
  const plain = best(able.filter((assignment) => assignment.condition === undefined));
  if (plain !== undefined) {
    return { answer: 'can', since: plain.createdAtMs, assignment: plain.id, direct: plain.principalId === principalId };
  }
  if (able.length > 0) return { answer: 'cannot-tell', why: 'condition' };
  const unread = assignments.some((assignment) => letsPull(assignment, mode) === undefined);
  if (unread) return { answer: 'cannot-tell', why: 'role-definition-unreadable' };
  return {
    answer: 'cannot',
    unusedAcrPull: mode === 'abac' && assignments.some((held) => held.roleId === acrPullRole),
  };
}

/**
 * Whether this principal may pull from this registry. AcrPull counts for nothing on a registry with repository permissions, and
 * the repository roles for nothing on a registry without them (Microsoft's notes on ABAC for registries).
 */
export function pullAccess(
  roles: Fact<readonly AssignmentFacts[]> | undefined,
  registry: RegistryFacts,
  principalId: string,
): Access {
  if (roles === undefined || !roles.read) return { answer: 'cannot-tell', why: 'roles-unreadable' };
  if (registry.roleMode === 'unknown') return { answer: 'cannot-tell', why: 'role-mode-unknown' };
  return fromAssignments(roles.value, registry.roleMode, principalId);
}

/** The one role that we would grant on this registry; `undefined` where the registry's mode is not known. */
export function pullRoleFor(registry: RegistryFacts): typeof acrPullRole | typeof repositoryReaderRole | undefined {
  if (registry.roleMode === 'unknown') return undefined;
  return registry.roleMode === 'legacy' ? acrPullRole : repositoryReaderRole;
}
