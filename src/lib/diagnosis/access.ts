// Whether the declared identity may pull: role definitions resolved to actions, in the registry's own role mode.

import type { Evidence } from '../evidence/evidence.ts';
import { declaredIdentity, registryOf, repositoryOf } from '../evidence/evidence.ts';
import type { RegistryFacts } from '../evidence/registry-facts.ts';
import type { AssignmentFacts, Permissions } from '../evidence/role-facts.ts';
import type { PrincipalId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import type { Target } from '../words/target.ts';

/** Role ids are the same in every tenant. Source: Azure's list of built-in roles. */
export const acrPullRole = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
export const repositoryReaderRole = 'b93aa761-3e63-49ed-ac28-beffa264f7ac';

const pullAction = 'microsoft.containerregistry/registries/pull/read';
const readContent = 'microsoft.containerregistry/registries/repositories/content/read';

/**
 * The actions of the two pull roles. A built-in role cannot be edited, so these definitions need not be read; every other one is read.
 * Source: Azure's list of built-in roles.
 */
export const pullRolePermissions: ReadonlyMap<string, readonly Permissions[]> = new Map([
  [
    acrPullRole,
    [
      {
        actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      },
    ],
  ],
  [
    repositoryReaderRole,
    [
      {
        actions: [],
        notActions: [],
        dataActions: [
          'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
          'Microsoft.ContainerRegistry/registries/repositories/content/read',
        ],
        notDataActions: [],
      },
    ],
  ],
]);

/** The condition that limits Repository Reader to one repository, as Microsoft documents it for registries with repository permissions. */
export function repositoryCondition(repository: string): string {
  const actions = ['content/read', 'metadata/read'].map(
    (action) => `!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/${action}'})`,
  );
  const name = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]';
  return `((${actions.join(' AND ')}) OR (${name} StringEqualsIgnoreCase '${repository}'))`;
}

const guarded =
  "!\\(ActionMatches\\{'Microsoft\\.ContainerRegistry/registries/repositories/(?:content|metadata)/read'\\}\\)";
const comparison =
  "@Request\\[Microsoft\\.ContainerRegistry/registries/repositories:name\\] (String(?:Equals|StartsWith)(?:IgnoreCase)?) '([^']{1,300})'";
/** Only this form is understood: reads of a repository are allowed where its name equals or starts with one of these. */
const documentedCondition = new RegExp(
  `^\\(\\(${guarded}(?: AND ${guarded}){0,3}\\) OR \\(${comparison}(?: OR ${comparison}){0,20}\\)\\)$`,
  'i',
);

function compares(how: string, wanted: string, repository: string): boolean {
  const [left, right] = how.toLowerCase().endsWith('ignorecase')
    ? [repository.toLowerCase(), wanted.toLowerCase()]
    : [repository, wanted];
  return how.toLowerCase().includes('startswith') ? left.startsWith(right) : left === right;
}

/** Whether a role assignment's condition lets its holder read this repository; `undefined` where we do not understand it. */
export function conditionAllows(condition: string, repository: string): boolean | undefined {
  // A sign-in without an image asks for no repository: what a condition about repositories means for it is not documented.
  if (repository === '') return undefined;
  const text = condition.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')').trim();
  if (!documentedCondition.test(text)) return undefined;
  const parts = [...text.matchAll(new RegExp(comparison, 'gi'))];
  return parts.some(([, how = '', wanted = '']) => compares(how, wanted, repository));
}

/**
 * The condition with one repository more. `undefined` where the condition has another form than the documented one, is as long as we understand, or
 * the name has signs that no repository has.
 */
export function conditionWith(condition: string, repository: string): string | undefined {
  if (!/^[\w./-]+$/.test(repository) || conditionAllows(condition, repository) === undefined) return undefined;
  const name = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]';
  const wider = condition.trim().replace(/\s*\)\s*\)$/, ` OR ${name} StringEqualsIgnoreCase '${repository}'))`);
  return conditionAllows(wider, repository) === true ? wider : undefined;
}

export type Access =
  | {
      readonly answer: 'can';
      readonly since: number;
      readonly assignment: string;
      /** The group that holds the role; absent where the identity holds it itself. */
      readonly group?: PrincipalId;
    }
  | {
      readonly answer: 'cannot';
      /** AcrPull is there and counts for nothing, because the registry asks for repository permissions. */
      readonly unusedAcrPull: boolean;
      /** A role would do, and its condition names other repositories. */
      readonly excluded?: string;
    }
  | {
      readonly answer: 'cannot-tell';
      readonly why: 'roles-unreadable' | 'role-definition-unreadable' | 'condition' | 'role-mode-unknown';
    };

/** A role's pattern, `*` for any run of characters, compared without case as Azure does. */
function patternCovers(pattern: string, action: string): boolean {
  // With a mark at either end, the first part is found at the beginning alone, and the last at the end.
  const text = `^${action}$`;
  let at = 0;
  return `^${pattern.toLowerCase()}$`.split('*').every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}

/** Whether one of a role's patterns covers an operation, which is in lower case. */
export function covers(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => patternCovers(pattern, action));
}

/** Whether these permissions cover the pull: an action on a legacy registry, a data action on one with repository permissions. */
export function coversPull(permission: Permissions, mode: 'legacy' | 'abac'): boolean {
  return mode === 'legacy'
    ? covers(permission.actions, pullAction) && !covers(permission.notActions, pullAction)
    : covers(permission.dataActions, readContent) && !covers(permission.notDataActions, readContent);
}

/** Whether one assignment lets its holder pull, by the role's own definition. `undefined`: the definition could not be read. */
function letsPull(assignment: AssignmentFacts, mode: 'legacy' | 'abac'): boolean | undefined {
  if (!assignment.permissions.read) return undefined;
  return assignment.permissions.value.some((permission) => coversPull(permission, mode));
}

/** The one that has worked the longest. A role of a group counts only where the identity has none: it takes a day to work. */
function best(assignments: readonly AssignmentFacts[], principalId: string): AssignmentFacts | undefined {
  const direct = assignments.filter((held) => held.principalId === principalId);
  return [...(direct.length > 0 ? direct : assignments)].sort((a, b) => a.createdAtMs - b.createdAtMs)[0];
}

function fromAssignments(
  assignments: readonly AssignmentFacts[],
  mode: 'legacy' | 'abac',
  principalId: string,
  repository: string,
): Access {
  const able = assignments.filter((assignment) => letsPull(assignment, mode) === true);
  const allowed = (assignment: AssignmentFacts): boolean | undefined =>
    assignment.condition === undefined ? true : conditionAllows(assignment.condition, repository);
  const plain = best(
    able.filter((assignment) => allowed(assignment) === true),
    principalId,
  );
  if (plain !== undefined) {
    const group = plain.principalId === principalId ? {} : { group: plain.principalId };
    return { answer: 'can', since: plain.createdAtMs, assignment: plain.id, ...group };
  }
  if (able.some((assignment) => allowed(assignment) === undefined)) return { answer: 'cannot-tell', why: 'condition' };
  const unread = assignments.some((assignment) => letsPull(assignment, mode) === undefined);
  if (unread) return { answer: 'cannot-tell', why: 'role-definition-unreadable' };
  const [excluding] = able;
  return {
    answer: 'cannot',
    unusedAcrPull: mode === 'abac' && assignments.some((held) => held.roleId === acrPullRole),
    ...(excluding === undefined ? {} : { excluded: excluding.id }),
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
  repository: string,
): Access {
  if (roles === undefined || !roles.read) return { answer: 'cannot-tell', why: 'roles-unreadable' };
  if (registry.roleMode === 'unknown') return { answer: 'cannot-tell', why: 'role-mode-unknown' };
  return fromAssignments(roles.value, registry.roleMode, principalId, repository);
}

/** The one role that we would grant on this registry; `undefined` where the registry's mode is not known. */
export function pullRoleFor(registry: RegistryFacts): typeof acrPullRole | typeof repositoryReaderRole | undefined {
  if (registry.roleMode === 'unknown') return undefined;
  return registry.roleMode === 'legacy' ? acrPullRole : repositoryReaderRole;
}

/** Whether the declared identity may pull, as far as the facts so far tell. */
export function accessOf(target: Target, evidence: Evidence): Access | undefined {
  const registry = registryOf(evidence);
  const identity = declaredIdentity(target, evidence);
  if (registry === undefined || identity.kind !== 'identity' || evidence.roles === undefined) return undefined;
  return pullAccess(evidence.roles, registry, identity.principalId, repositoryOf(target));
}
