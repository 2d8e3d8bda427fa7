// Rules that end in a grant, in a request to approve one, or in an incident that says why there is none.

import type { Cause } from '../causes/causes.ts';
import { causeCatalogue } from '../causes/causes.ts';
import { pullRoleFor, repositoryReaderRole } from '../diagnosis/access.ts';
import { declaredIdentity, registryOf, repositoryOf } from '../evidence/evidence.ts';
import { memoryOf } from '../history/access-memory.ts';
import type { Wanted } from '../history/approval.ts';
import type { Decided } from '../history/decision.ts';
import type { Grant } from '../history/grant.ts';
import type { Refusal } from '../history/refusals.ts';
import { doubtAfter, refusedBeforeGuard } from './access-guards.ts';
import { grantNow, mayLookAgain, openIncident, provedCause, soonMs, tookTooLong, wait } from './answers.ts';
import { type Permission, permissionFor, requestApproval } from './approvals.ts';
import { throttledUntilMs } from './change-guards.ts';
import type { DecisionInput } from './decision-input.ts';
import { slowStartEndsMs } from './deployment-guards.ts';
import { grantRefusals, isApprovable } from './grant-guards.ts';
import { toldByLogAtMs } from './lost-grants.ts';

const minute = 60_000;

/** A role through a group can take a day. The rule offers a direct grant, and only a person can decide to make it. */
export function groupRolePropagates(input: DecisionInput): Decided | undefined {
  if (provedCause(input) === undefined || !input.diagnosis.roleOfGroup) return undefined;
  const cause = 'pull-role-propagating';
  const grant = proposedGrant(input);
  const refusals = grant === undefined ? [] : grantRefusals(input, grant);
  if (grant === undefined || !refusals.every(isApprovable)) return openIncident(input, cause, refusals);
  return byApproval(input, cause, grant, refusals);
}

/** Makes the grant if every guard lets it pass. Asks a person if only doubts are left that a person may overrule. */
export function roleIsMissing(input: DecisionInput): Decided | undefined {
  const cause = provedCause(input);
  if (cause === undefined || causeCatalogue[cause].answer !== 'grant' || input.diagnosis.roleOfGroup) return undefined;
  const grant = proposedGrant(input);
  if (grant === undefined) return openIncident(input, cause);
  const refusals = grantRefusals(input, grant);
  if (refusals.length === 0) return grantNow(input.nowMs, grant, cause);
  if (isGrantedMeanwhile(refusals)) return wait(input.nowMs + soonMs, 'looking-again', refusals);
  const toldAtMs = answerLostUntilMs(input, refusals);
  if (toldAtMs !== undefined) return wait(Math.min(toldAtMs, input.nowMs + 10 * minute), 'answer-lost', refusals);
  const untilMs = throttledOnlyUntilMs(input, refusals);
  if (untilMs !== undefined) return wait(untilMs, 'grant-throttled', refusals);
  if (isSlowStart(refusals)) return wait(slowStartDueMs(input), 'slow-start', refusals);
  if (tookTooLong(input, refusals)) return wait(input.nowMs + soonMs, 'looking-again', refusals);
  if (mayLookAgain(input)) return wait(input.nowMs + minute, 'looking-again', refusals);
  return refusals.every(isApprovable)
    ? byApproval(input, cause, grant, refusals)
    : openIncident(input, cause, refusals, grant);
}

/** The grant that the facts ask for; `undefined` if one of them is missing. */
export function proposedGrant(input: Pick<DecisionInput, 'target' | 'evidence'>): Grant | undefined {
  const identity = declaredIdentity(input.target, input.evidence);
  const registry = registryOf(input.evidence);
  if (identity.kind !== 'identity' || registry === undefined) return undefined;
  const roleId = pullRoleFor(registry);
  if (roleId === undefined) return undefined;
  const grant = { registryId: registry.id, principalId: identity.principalId, roleId };
  if (roleId !== repositoryReaderRole) return grant;
  const repository = repositoryOf(input.target);
  return repository === '' ? undefined : { ...grant, repository };
}

function byApproval(input: DecisionInput, cause: Cause, grant: Grant, refusals: readonly Refusal[]): Decided {
  const wanted = { about: { grant }, cause, doubts: refusals };
  const permission = permissionUnlessForgotten(input, wanted);
  switch (permission.state) {
    case 'to-ask':
    case 'pending':
      return isRejectedBefore(refusals)
        ? openIncident(input, cause, refusals, grant)
        : requestApproval(input, wanted, permission);
    case 'approved':
      if (!isOutdated(input, grant)) return grantNow(input.nowMs, grant, cause, permission.question);
      return isRejectedBefore(refusals)
        ? openIncident(input, cause, refusals, grant)
        : requestApproval(input, wanted, {});
    case 'rejected':
    case 'expired':
      return openIncident(input, cause, [...refusals, { guard: 'approval', why: permission.state }], grant);
  }
}

/** A no, or a question without an answer, holds in its remediation until a person has it forgotten. */
function permissionUnlessForgotten(input: DecisionInput, wanted: Wanted): Permission {
  const permission = permissionFor(input, wanted);
  if (permission.state !== 'rejected' && permission.state !== 'expired') return permission;
  const { forgottenAtMs = 0 } = memoryOf(input.access);
  return forgottenAtMs > permission.sinceMs ? { state: 'to-ask' } : permission;
}

/** A person said no to this grant. pullmedic does not ask again until a person has the refusal forgotten. */
function isRejectedBefore(refusals: readonly Refusal[]): boolean {
  return refusals.some(({ guard, why }) => guard === 'refused-before' && why === 'rejected');
}

/** After the question a person took the access away, or said no elsewhere: the answer was about what the question showed. */
function isOutdated(input: DecisionInput, grant: Grant): boolean {
  const doubt = doubtAfter(input, grant, input.remediation.approval);
  return refusedBeforeGuard(input, grant) !== undefined || doubt !== undefined;
}

/** Another remediation has just made this grant: its effect shows in the next look. */
function isGrantedMeanwhile(refusals: readonly Refusal[]): boolean {
  return refusals.some(({ why }) => why === 'granted-meanwhile');
}

/**
 * When the Activity Log would show who removed a grant whose answer was lost, if that doubt is the only refusal. After that a person is
 * asked, should it still be in doubt.
 */
function answerLostUntilMs({ access, nowMs }: DecisionInput, refusals: readonly Refusal[]): number | undefined {
  const only = refusals.every(({ why }) => why === 'answer-lost');
  const untilMs = toldByLogAtMs(memoryOf(access).made);
  return only && nowMs < untilMs ? untilMs : undefined;
}

/** When a throttled grant may be tried again, if that is the only refusal; `undefined` where a person has to be asked. */
function throttledOnlyUntilMs({ remediation }: DecisionInput, refusals: readonly Refusal[]): number | undefined {
  const only = refusals.every(({ guard, why }) => guard === 'failed-before' && why === 'throttled');
  return only ? throttledUntilMs(remediation) : undefined;
}

/** If the slow start is the only refusal, the grant comes later, without a person. */
function isSlowStart(refusals: readonly Refusal[]): boolean {
  return refusals.every(({ guard, why }) => guard === 'slow-start' && why === 'reached');
}

/** The next look, at the latest at the end of the slow start: before that the app may recover or the cause may go by itself. */
function slowStartDueMs(input: DecisionInput): number {
  const soonest = input.nowMs + 10 * minute;
  return Math.min(slowStartEndsMs(input) ?? soonest, soonest);
}
