// What a look teaches the memory of a pair: that the identity holds a role that lets it pull, that a role was removed, and that a question
// found no answer in time.

import { isUnanswered, removalsOf } from '../decision/access-guards.ts';
import { neverMade } from '../decision/lost-grants.ts';
import { accessOf } from '../diagnosis/access.ts';
import { subjectOf } from '../diagnosis/named-registry.ts';
import { declaredIdentity, type Evidence, registryOf } from '../evidence/evidence.ts';
import type { AccessEntry, AccessMemory, AccessPair } from '../history/access-memory.ts';
import { nothingRemembered } from '../history/access-memory.ts';
import { type Grant, sameGrant } from '../history/grant.ts';
import type { TargetHistory } from '../history/state.ts';
import { type Fact, known, unreadable } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { recallAccess, remember } from './access-memory.ts';
import { live, type Turn } from './turn.ts';

const minute = 60_000;
/** A sighting that says the same is written again only after this time. It is well below the lag of the Activity Log. */
const sightedForMs = 5 * minute;

/**
 * Writes down what this look saw, and answers what is remembered of the identity that the app declares for its registry. The memory is
 * unreadable where it cannot be read or written: then nothing is granted.
 */
export async function rememberLook(turn: Turn, evidence: Evidence): Promise<Fact<AccessMemory>> {
  const { ports } = turn;
  const remediation = live(turn);
  try {
    for (const no of nosOf(turn.history, ports.now())) await remember(ports, no.entry.grant, no.entry, no.isKnown);
    const target = subjectOf(remediation.target, evidence);
    const pair = pairOf(target, evidence);
    if (pair === undefined) return known(nothingRemembered);
    const before = await recallAccess(ports, pair);
    if (!before.read) return before;
    const lessons = [
      ...sightings(pair, target, evidence, ports.now()),
      ...removals(pair, evidence),
      ...neverMadeGrants(before.value, pair, evidence),
    ].filter((lesson) => !lesson.isKnown(before.value));
    if (lessons.length === 0) return before;
    for (const { entry, isKnown } of lessons) await remember(ports, pair, entry, isKnown);
    return recallAccess(ports, pair);
  } catch {
    return unreadable('unavailable');
  }
}

/** An entry, and whether the memory says the same already. */
interface Lesson<Kind extends AccessEntry['kind']> {
  readonly entry: Extract<AccessEntry, { kind: Kind }>;
  readonly isKnown: (memory: AccessMemory) => boolean;
}

/** The registry, and the principal that the app declares for it; `undefined` where one of them is not known. */
function pairOf(target: Target, evidence: Evidence): AccessPair | undefined {
  const identity = declaredIdentity(target, evidence);
  const registry = registryOf(evidence);
  if (identity.kind !== 'identity' || registry === undefined) return undefined;
  return { registryId: registry.id, principalId: identity.principalId };
}

/** That this look found a role that lets the identity pull; empty if it found none. */
function sightings(pair: AccessPair, target: Target, evidence: Evidence, nowMs: number): Lesson<'access-sighted'>[] {
  const access = accessOf(target, evidence);
  const roleMode = registryOf(evidence)?.roleMode;
  if (access?.answer !== 'can' || roleMode === undefined) return [];
  const { assignment } = access;
  const isKnown = ({ sighted }: AccessMemory): boolean =>
    sighted !== undefined &&
    nowMs - sighted.atMs < sightedForMs &&
    sighted.assignment === assignment &&
    sighted.roleMode === roleMode;
  return [{ entry: { kind: 'access-sighted', ...pair, app: target.appId, assignment, roleMode }, isKnown }];
}

/** The last removal of each kind: one that names the identity, and one that may have been about it. */
function removals(pair: AccessPair, evidence: Evidence): Lesson<'role-removal-seen'>[] {
  const seen = removalsOf(evidence, pair);
  return (['named', 'cannot-tell'] as const).flatMap((whose) => {
    const last = seen.findLast((one) => one.whose === whose);
    if (last === undefined) return [];
    const isKnown = (memory: AccessMemory): boolean =>
      memory.removals.some((one) => one.whose === whose && one.removedAtMs >= last.removedAtMs);
    return [{ entry: { kind: 'role-removal-seen', ...pair, ...last }, isKnown }];
  });
}

/**
 * Grants whose answer was lost and that were never made, as the log shows by now. If the memory learns of a removal in between, the grant
 * stays in doubt.
 */
function neverMadeGrants(memory: AccessMemory, pair: AccessPair, evidence: Evidence): Lesson<'grant-not-made'>[] {
  return neverMade(memory, pair, evidence).map(({ remediation }) => ({
    entry: { kind: 'grant-not-made', remediation, because: 'no-removal-seen' },
    isKnown: (now) => !neverMade(now, pair, evidence).some((one) => one.remediation === remediation),
  }));
}

/**
 * Each no in the history of the target: a question that a person rejected, or that expired without an answer. The memory of the pair knows
 * a no of this version already; one of an older version stands in the history alone.
 */
export function nosOf(history: TargetHistory, nowMs: number): Lesson<'grant-refused'>[] {
  return history.remediations.flatMap((remediation): Lesson<'grant-refused'>[] => {
    const { id, target, approval } = remediation;
    if (approval === undefined) return [];
    const { answer, askedAtMs, expiresAtMs } = approval;
    const { grant } = approval.about;
    const about = { kind: 'grant-refused', grant, remediation: id, app: target.appId } as const;
    const isKnownSince = (atMs: number) => (memory: AccessMemory) =>
      memory.refused.some((one) => one.remediation === id && one.atMs >= askedAtMs) || isOverruled(memory, grant, atMs);
    if (answer?.answer === 'rejected')
      return [{ entry: { ...about, how: 'rejected', by: answer.by }, isKnown: isKnownSince(answer.atMs) }];
    return isUnanswered(remediation, nowMs)
      ? [{ entry: { ...about, how: 'unanswered' }, isKnown: isKnownSince(expiresAtMs) }]
      : [];
  });
}

/** After this instant a person had the refusals of the pair forgotten, or approved this very grant. */
function isOverruled({ forgottenAtMs, approved }: AccessMemory, grant: Grant, atMs: number): boolean {
  return (forgottenAtMs ?? 0) >= atMs || approved.some((one) => sameGrant(one.grant, grant) && one.atMs >= atMs);
}
