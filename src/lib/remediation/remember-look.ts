// What a look teaches the memory of a pair: that the identity holds a role that lets it pull, that a role was removed, and that a question
// found no answer in time.

import { isUnanswered, removalsOf } from '../decision/access-guards.ts';
import { accessOf } from '../diagnosis/access.ts';
import { declaredIdentity, type Evidence, registryOf } from '../evidence/evidence.ts';
import type { AccessEntry, AccessMemory, AccessPair } from '../history/access-memory.ts';
import { nothingRemembered } from '../history/access-memory.ts';
import type { Remediation } from '../history/state.ts';
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
    const expired = unanswered(remediation, ports.now());
    if (expired !== undefined) await remember(ports, expired.entry.grant, expired.entry, expired.isKnown);
    const pair = pairOf(remediation.target, evidence);
    if (pair === undefined) return known(nothingRemembered);
    const before = await recallAccess(ports, pair);
    if (!before.read) return before;
    const lessons = [sighting(pair, remediation.target, evidence, ports.now()), ...removals(pair, evidence)].filter(
      (lesson) => lesson !== undefined && !lesson.isKnown(before.value),
    );
    if (lessons.length === 0) return before;
    for (const lesson of lessons) if (lesson !== undefined) await remember(ports, pair, lesson.entry, lesson.isKnown);
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

function sighting(
  pair: AccessPair,
  target: Target,
  evidence: Evidence,
  nowMs: number,
): Lesson<'access-sighted'> | undefined {
  const access = accessOf(target, evidence);
  const roleMode = registryOf(evidence)?.roleMode;
  if (access?.answer !== 'can' || roleMode === undefined) return undefined;
  const { assignment } = access;
  return {
    entry: { kind: 'access-sighted', ...pair, app: target.appId, assignment, roleMode },
    isKnown: ({ sighted }) =>
      sighted !== undefined &&
      nowMs - sighted.atMs < sightedForMs &&
      sighted.assignment === assignment &&
      sighted.roleMode === roleMode,
  };
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

/** A question that expired without an answer is a no. */
function unanswered(remediation: Remediation, nowMs: number): Lesson<'grant-refused'> | undefined {
  const { id, target, approval } = remediation;
  if (approval === undefined || !isUnanswered(remediation, nowMs)) return undefined;
  const { grant, askedAtMs } = approval;
  return {
    entry: { kind: 'grant-refused', grant, how: 'unanswered', remediation: id, app: target.appId },
    isKnown: ({ refused, forgottenAtMs }) =>
      (forgottenAtMs ?? 0) >= askedAtMs || refused.some((one) => one.remediation === id && one.atMs >= askedAtMs),
  };
}
