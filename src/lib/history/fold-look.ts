// Adds one look to the state of a remediation: the look itself, the best diagnosis so far, and whether its cause has cleared.

import type { Calls } from '../evidence/calls.ts';
import { mostOf, noCalls } from '../evidence/calls.ts';
import { factsBehind } from './cause-reads.ts';
import type { Diagnosis, FindingCode } from './diagnosis.ts';
import type { Entry } from './entries.ts';
import { exactness } from './exactness.ts';
import { withWrite } from './last-writes.ts';
import type { Remediation } from './state.ts';

export function afterLook(state: Remediation, entry: Entry & { kind: 'looked' }, atMs: number): Remediation {
  const proven = entry.progress.proof !== 'not-yet';
  const found = findsMore(state, entry.diagnosis, proven);
  const failedAtMs = state.failedAtMs ?? entry.progress.failedAtMs;
  const provenAtMs = proven ? (state.provenAtMs ?? atMs) : undefined;
  const clearedAtMs = clearedSince(state, entry, atMs);
  const diagnosedAtMs = state.diagnosedAtMs ?? (entry.diagnosis.sure === 'unexplained' ? undefined : atMs);
  const partlySinceMs = entry.progress.partly === undefined ? undefined : (state.partlySinceMs ?? atMs);
  const readySinceMs = isReady(entry) ? (state.readySinceMs ?? atMs) : undefined;
  const writes = withWrite(state.writes, entry.lastWrite);
  const { provenAtMs: _proven, clearedAtMs: _cleared, partlySinceMs: _partly, readySinceMs: _ready, ...kept } = state;
  return {
    ...kept,
    look: {
      atMs,
      suspicions: entry.suspicions,
      diagnosis: entry.diagnosis,
      progress: entry.progress,
      transientlyUnreadable: isTransientlyUnreadable(entry),
      ...(entry.seesFromMs === undefined ? {} : { seesFromMs: entry.seesFromMs }),
      blind: isBlind(entry),
      ...(entry.pulls === undefined ? {} : { pulls: entry.pulls }),
      ...(entry.causeReads === undefined ? {} : { causeReads: entry.causeReads }),
    },
    mostCalls: mostOf(state.mostCalls, sentIn(entry)),
    revisions: union(state.revisions, entry.revisions),
    seenNotReady: union(state.seenNotReady, entry.progress.notReady),
    ...(found ? { bestDiagnosis: bestBy(entry, atMs) } : {}),
    ...(seesRole(entry) ? { roleSeenAtMs: atMs } : {}),
    ...(writes === undefined ? {} : { writes }),
    ...(failedAtMs === undefined ? {} : { failedAtMs }),
    ...(diagnosedAtMs === undefined ? {} : { diagnosedAtMs }),
    ...(provenAtMs === undefined ? {} : { provenAtMs }),
    ...(clearedAtMs === undefined ? {} : { clearedAtMs }),
    ...(partlySinceMs === undefined ? {} : { partlySinceMs }),
    ...(readySinceMs === undefined ? {} : { readySinceMs }),
  };
}

function isReady({ progress }: Entry & { kind: 'looked' }): boolean {
  return progress.readyReplica && progress.notReady.length === 0;
}

/** True if this look has a better diagnosis than the one so far. A grant of ours that is still propagating is not a new cause. */
function findsMore(state: Remediation, diagnosis: Diagnosis, proven: boolean): boolean {
  const before = state.bestDiagnosis?.diagnosis;
  if (before === undefined) return true;
  if (proven) return false;
  if (diagnosis.sure !== 'confirmed') {
    // An app that serves shows no trouble of its own: what is suspected then says nothing about the failure.
    const isNews = before.sure === 'unexplained' || diagnosis.serves !== true;
    return isNews && exactness(diagnosis) > exactness(before);
  }
  return before.sure !== 'confirmed' || !diagnosis.causes.includes('pull-role-propagating');
}

function bestBy(entry: Entry & { kind: 'looked' }, atMs: number): NonNullable<Remediation['bestDiagnosis']> {
  const { diagnosis, suspicions, asked = [] } = entry;
  return { atMs, diagnosis, suspicions, cost: { asked, calls: sentIn(entry) } };
}

function sentIn({ sent, calls }: Entry & { kind: 'looked' }): Calls {
  return sent ?? { ...noCalls, control: calls };
}

function clearedSince(state: Remediation, entry: Entry & { kind: 'looked' }, atMs: number): number | undefined {
  const before = state.bestDiagnosis?.diagnosis;
  if (before?.sure !== 'confirmed' || entry.diagnosis.sure === 'confirmed') return undefined;
  const needed = factsBehind(before);
  if (isTransientlyUnreadable(entry) || entry.unread.some((name) => needed.includes(name))) return state.clearedAtMs;
  return state.clearedAtMs ?? atMs;
}

/** Stored as `clouded`; histories of the first versions do not say. */
function isTransientlyUnreadable({ clouded }: Entry & { kind: 'looked' }): boolean {
  return clouded === true;
}

/**
 * True if we may not read something, so that a role of our own may help. The image does not count: reading it is a right on the registry that
 * many deployments lack.
 */
function isBlind({ unread, whyUnread }: Entry & { kind: 'looked' }): boolean {
  if (whyUnread === undefined) return unread.length > 0;
  return Object.entries(whyUnread).some(([name, why]) => why === 'forbidden' && name !== 'manifest');
}

function seesRole({ diagnosis }: Entry & { kind: 'looked' }): boolean {
  return [...diagnosis.for, ...diagnosis.against].some(({ code }) => roleFindings.includes(code));
}

/** Findings that there is a role. */
const roleFindings: readonly FindingCode[] = ['role-present', 'role-young', 'role-of-group'];

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const added = b.filter((item) => !a.includes(item));
  return added.length === 0 ? a : [...a, ...added];
}
