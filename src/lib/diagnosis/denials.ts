// Whether a deny assignment forbids the pull: it wins over every role, so nothing is granted while one applies or may apply.

import type { RegistryFacts } from '../evidence/registry-facts.ts';
import type { AssignmentFacts, DenialFacts, DeniedPrincipal } from '../evidence/role-facts.ts';
import type { PrincipalId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import { valueOf } from '../words/fact.ts';
import { coversPull } from './access.ts';

export type Denied =
  | { readonly answer: 'no' }
  | { readonly answer: 'yes'; readonly denial: DenialFacts }
  | {
      readonly answer: 'cannot-tell';
      readonly why: 'denials-unreadable' | 'role-mode-unknown' | 'group' | 'condition';
    };

/** Whether this principal is denied the pull from this registry. The list holds what applies at the registry and above it. */
export function pullDenied(
  denials: Fact<readonly DenialFacts[]> | undefined,
  roles: Fact<readonly AssignmentFacts[]> | undefined,
  registry: RegistryFacts,
  principalId: PrincipalId,
): Denied {
  const listed = valueOf(denials);
  if (listed === undefined) return { answer: 'cannot-tell', why: 'denials-unreadable' };
  const mode = registry.roleMode;
  if (mode === 'unknown')
    return listed.length === 0 ? { answer: 'no' } : { answer: 'cannot-tell', why: 'role-mode-unknown' };
  const known = knownAs(roles, principalId);
  const judged = listed
    .filter((denial) => !denial.onlyItsScope || denial.scope === registry.id)
    .filter((denial) => denial.permissions.some((permission) => coversPull(permission, mode)))
    .map((denial) => judge(denial, known));
  return judged.find((one) => one?.answer === 'yes') ?? judged.find((one) => one !== undefined) ?? { answer: 'no' };
}

/** The identity, and the groups that it is known to be in: it holds roles through them. */
function knownAs(roles: Fact<readonly AssignmentFacts[]> | undefined, principalId: PrincipalId): Set<string> {
  return new Set<string>(valueOf(roles)?.map((role) => role.principalId)).add(principalId);
}

/** `undefined`: it does not speak of them. */
function judge(denial: DenialFacts, known: ReadonlySet<string>): Denied | undefined {
  const named = names(denial.principals, known);
  const excluded = names(denial.excluded, known);
  if (named === false || excluded === true) return undefined;
  if (named === undefined || excluded === undefined) return { answer: 'cannot-tell', why: 'group' };
  return denial.hasCondition ? { answer: 'cannot-tell', why: 'condition' } : { answer: 'yes', denial };
}

/** True if a list of principals includes one of these. `undefined` if it names a group, because the members of a group are not read. */
function names(listed: readonly DeniedPrincipal[], known: ReadonlySet<string>): boolean | undefined {
  if (listed.some((one) => one.kind === 'everyone' || known.has(one.id))) return true;
  return listed.some((one) => one.kind === 'group') ? undefined : false;
}
