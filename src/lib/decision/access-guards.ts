// Guards that look at what is remembered of one principal on one registry: a no binds, and what a person took away is not given back. They
// are asked with the decision, and again right before the write, with the memory as it reads then.

import { accessOf } from '../diagnosis/access.ts';
import { registryOf } from '../evidence/evidence.ts';
import type { AccessMemory, MadeBefore, RefusedGrant, SeenRemoval, Sighting } from '../history/access-memory.ts';
import { lastRefusal, memoryOf } from '../history/access-memory.ts';
import { type Approval, removalsShownUntilMs } from '../history/approval.ts';
import { type Grant, sameGrant } from '../history/grant.ts';
import { madeChanges } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import type { Remediation } from '../history/state.ts';
import { isAtOrAbove } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import type { DecisionInput } from './decision-input.ts';
import { refuse } from './guard.ts';

const minute = 60_000;
/** The Activity Log tells of a removal up to 20 minutes late (Microsoft: events "typically" within 3 to 20 minutes). */
export const logLagMs = 20 * minute;
/** How long after a grant of another remediation a look may have read the roles as they were before it. The next look sees what came of it. */
const justGrantedMs = minute;

/** What these guards are asked about. */
export interface MemoryQuestion
  extends Pick<DecisionInput, 'nowMs' | 'config' | 'target' | 'evidence' | 'history' | 'access' | 'undone'> {
  readonly remediation: Remediation;
}

/** Everything in the memory that speaks against making this grant now; asked again right before it is made. */
export function memoryRefusal(question: MemoryQuestion, grant: Grant): Refusal | undefined {
  return (
    refusedBeforeGuard(question, grant) ??
    grantedMeanwhileGuard(question, grant) ??
    doubtAfter(question, grant, approvalOf(question.remediation, grant)) ??
    madeBeforeGuard(question, grant)
  );
}

/**
 * A no binds the whole deployment, in every mode, for every app and image, until a person approves this very grant or has the refusal
 * forgotten. A question that no person answered in time is a no as well.
 */
export function refusedBeforeGuard(question: MemoryQuestion, grant: Grant): Refusal | undefined {
  if (!question.access.read) return refuse('refused-before', 'unreadable');
  const refusal = bindingRefusal(question, grant);
  return refusal === undefined ? undefined : refuse('refused-before', refusal.how);
}

/** The refusal that binds this grant, for the sentence that says so. */
export function bindingRefusal(
  question: Pick<MemoryQuestion, 'nowMs' | 'history' | 'access' | 'remediation'>,
  grant: Grant,
): RefusedGrant | undefined {
  const memory = valueOf(question.access);
  if (memory === undefined) return undefined;
  // Refusals of the target's own history count too: those of older versions stand nowhere else.
  const refused = [...memory.refused, ...ownRefusals(question, grant, memory.forgottenAtMs ?? 0)];
  const all = { ...memory, refused: refused.sort((a, b) => a.atMs - b.atMs) };
  return lastRefusal(all, grant, onlyInHistory(question.remediation, memory, grant));
}

/** When a person approved the grant here, if the memory does not hold that: the host died between the two entries. */
function onlyInHistory(remediation: Remediation, memory: AccessMemory, grant: Grant): number | undefined {
  const answeredAtMs = approvalOf(remediation, grant)?.answer?.atMs;
  if (answeredAtMs === undefined) return undefined;
  const isKnown = memory.approved.some(({ remediation: id, atMs }) => id === remediation.id && atMs >= answeredAtMs);
  return isKnown ? undefined : answeredAtMs;
}

/** Another remediation made this grant while this look was under way: what became of it shows in the next look. */
export function grantedMeanwhileGuard(question: MemoryQuestion, grant: Grant): Refusal | undefined {
  const { access, evidence, remediation } = question;
  const meanwhile = memoryOf(access).made.some(
    (one) =>
      one.remediation !== remediation.id &&
      sameGrant(one.grant, grant) &&
      one.atMs > evidence.atMs - justGrantedMs &&
      !wasUndone(question, one),
  );
  return meanwhile ? refuse('superseded', 'granted-meanwhile') : undefined;
}

/**
 * What says that a person took the access away, and what this question did not show: an approval outweighs what its question showed. The
 * Activity Log lags, so a removal may be older than the question and yet be news.
 */
export function doubtAfter(question: MemoryQuestion, grant: Grant, asked: Approval | undefined): Refusal | undefined {
  if (asked === undefined) return doubtSince(question, grant, 0);
  return doubtSince(question, grant, asked.askedAtMs, removalsShownUntilMs(asked));
}

/**
 * What says that a person took the access away after `sinceMs`: a grant of ours that was taken back, an access that was seen and is gone,
 * or a removal in the Activity Log or in the memory after `shownUntilMs`.
 */
export function doubtSince(
  question: MemoryQuestion,
  grant: Grant,
  sinceMs: number,
  shownUntilMs = sinceMs,
): Refusal | undefined {
  return (
    removalDoubt(question, grant, shownUntilMs) ??
    sightingDoubt(question, sinceMs) ??
    (undoneSince(question, grant, sinceMs) ? refuse('role-removed', 'undone') : undefined) ??
    lostAnswerDoubt(question, sinceMs)
  );
}

/**
 * The answer to a grant of the pair was lost after `sinceMs`, and it is not there: a person may have removed it. It counts as not made once
 * the Activity Log can no longer be late and shows no removal: then the memory drops it.
 */
export function lostAnswerDoubt({ access }: Pick<MemoryQuestion, 'access'>, sinceMs: number): Refusal | undefined {
  const lost = memoryOf(access).made.some(({ notFoundAtMs = 0 }) => notFoundAtMs > sinceMs);
  return lost ? refuse('role-removed', 'answer-lost') : undefined;
}

/** The log or the memory tells of a removal after `sinceMs` that took this access away, or may have. It names the newest one. */
export function removalDoubt(question: MemoryQuestion, grant: Grant, sinceMs: number): Refusal | undefined {
  const { evidence, access } = question;
  const all = [...removalsOf(evidence, grant), ...memoryOf(access).removals];
  const since = all.filter(({ removedAtMs }) => removedAtMs > sinceMs);
  if (since.length === 0) return undefined;
  const why = since.some(({ whose }) => whose === 'named') ? 'taken-away' : 'cannot-tell-whose';
  return { ...refuse('role-removed', why), removedAtMs: Math.max(...since.map(({ removedAtMs }) => removedAtMs)) };
}

/** Removals in the Activity Log that take, or may take, a role from this grant's principal at the registry. */
export function removalsOf(
  evidence: DecisionInput['evidence'],
  { registryId, principalId }: Pick<Grant, 'registryId' | 'principalId'>,
): readonly SeenRemoval[] {
  if (!evidence.removals?.read) return [];
  return evidence.removals.value.flatMap((removal): SeenRemoval[] => {
    if (!isAtOrAbove(removal.scope, registryId)) return [];
    const { atMs: removedAtMs, by, scope } = removal;
    if (removal.principalId === principalId) return [{ removedAtMs, by, scope, whose: 'named' }];
    // The log does not say who is in a group: the identity may be.
    const maybe = removal.principalId === undefined || removal.mayBeGroup === true;
    return maybe ? [{ removedAtMs, by, scope, whose: 'cannot-tell' }] : [];
  });
}

/**
 * The identity was seen with access, by a look of any app, and has none now. Within the lag of the log that may be a removal that the log
 * does not show yet; after it, one that this log never shows: of a role above the subscription, or of a member of a group.
 */
export function sightingDoubt(
  { nowMs, target, evidence, access }: MemoryQuestion,
  sinceMs: number,
): Refusal | undefined {
  const seen = memoryOf(access).sighted;
  if (seen === undefined || seen.atMs <= sinceMs) return undefined;
  if (accessOf(target, evidence)?.answer === 'can' || isOnlyOfMode(seen, evidence)) return undefined;
  return refuse('role-removed', nowMs - seen.atMs < logLagMs ? 'too-young' : 'had-access');
}

/** The assignment that was seen is still there: what changed is the mode of the registry, in which it counts for nothing. */
function isOnlyOfMode(seen: Sighting, evidence: DecisionInput['evidence']): boolean {
  const mode = registryOf(evidence)?.roleMode;
  if (mode === undefined || mode === seen.roleMode || !evidence.roles?.read) return false;
  return evidence.roles.value.some(({ id }) => id === seen.assignment);
}

function undoneSince({ undone }: Pick<MemoryQuestion, 'undone'>, grant: Grant, sinceMs: number): boolean {
  return undone.read && undone.value.some((one) => one.atMs > sinceMs && sameGrant(one.grant, grant));
}

/** A grant that a person had taken back is counted there and not among those that did not last. */
export function wasUndone(question: Pick<MemoryQuestion, 'undone'>, made: Pick<MadeBefore, 'grant' | 'atMs'>): boolean {
  return undoneSince(question, made.grant, made.atMs - 1);
}

/** The same grant was made before, for any app: it did not last. And a pair gets a limited number of grants in a day. */
export function madeBeforeGuard(question: MemoryQuestion, grant: Grant): Refusal | undefined {
  const made = madeBefore(question);
  if (made.some((one) => sameGrant(one.grant, grant))) return refuse('did-not-last', 'granted-before');
  const today = made.filter(({ atMs }) => atMs >= question.nowMs - dayMs).length;
  const most = question.config.settings.limits.grantsPerTargetPerDay;
  return today >= most ? refuse('target-limit', 'grants-per-day') : undefined;
}

const dayMs = 24 * 60 * minute;

/** Grants of the pair that the deployment made, for whichever app, without those that a person had taken back or that are in doubt. */
export function madeBefore(question: Pick<MemoryQuestion, 'access' | 'undone'>): readonly MadeBefore[] {
  return memoryOf(question.access).made.filter((one) => one.notFoundAtMs === undefined && !wasUndone(question, one));
}

/** The approval of this very grant in this remediation, if a person gave it. */
export function approvalOf({ approval }: Pick<Remediation, 'approval'>, grant: Grant): Approval | undefined {
  return approval?.answer?.answer === 'approved' && sameGrant(approval.about.grant, grant) ? approval : undefined;
}

/** Questions about this pair in the target's own history that came to a no after `sinceMs`. */
function ownRefusals(
  { history, nowMs }: Pick<MemoryQuestion, 'history' | 'nowMs'>,
  grant: Grant,
  sinceMs: number,
): RefusedGrant[] {
  return history.remediations
    .map((remediation) => refusalIn(remediation, nowMs))
    .filter((one) => one !== undefined)
    .filter((one) => isOfPair(one.grant, grant) && one.atMs > sinceMs);
}

/** The no to which the question of this remediation came, if it did. */
function refusalIn(remediation: Remediation, nowMs: number): RefusedGrant | undefined {
  const { id, target, approval } = remediation;
  if (approval === undefined) return undefined;
  const { answer, expiresAtMs } = approval;
  const about = { grant: approval.about.grant, remediation: id, app: target.appId };
  if (answer?.answer === 'rejected') return { ...about, how: 'rejected', by: answer.by, atMs: answer.atMs };
  return isUnanswered(remediation, nowMs) ? { ...about, how: 'unanswered', atMs: expiresAtMs } : undefined;
}

/**
 * True if the question of this remediation expired without an answer. One that was settled before was withdrawn: the remediation ended, or
 * the doubt went and the grant was made.
 */
export function isUnanswered({ approval, attempts, closed }: Remediation, nowMs: number): boolean {
  if (approval === undefined || approval.answer !== undefined) return false;
  const { askedAtMs, expiresAtMs } = approval;
  const granted = madeChanges(attempts, 'grant').some(({ atMs }) => atMs >= askedAtMs && atMs < expiresAtMs);
  return !granted && expiresAtMs <= Math.min(nowMs, closed?.atMs ?? nowMs);
}

function isOfPair(a: Grant, b: Grant): boolean {
  return a.registryId === b.registryId && a.principalId === b.principalId;
}
