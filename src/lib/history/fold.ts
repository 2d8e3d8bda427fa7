// Computes the state of a target's remediations from its entries. Every reader of a history uses this.
// The room history/ holds the entries of a target, what they add up to, and the types that entries record: a diagnosis, a
// decision, a refusal, a grant. Not here: their storage (azure/store/).

import { noCalls } from '../evidence/calls.ts';
import type { RemediationId, TargetId } from '../words/target.ts';
import { parseRemediationId, remediationIdOf } from '../words/target.ts';
import { asksAPerson, type Decision, looksAgain } from './decision.ts';
import type { Entry } from './entries.ts';
import { type Approvals, afterAnswered, afterDecided, askableAgain } from './fold-approval.ts';
import { afterLook } from './fold-look.ts';
import type { StoredEntry } from './ledger.ts';
import { codeOf, type RefusalCode } from './refusals.ts';
import type { AlertTry, Attempt, Remediation, TargetHistory } from './state.ts';

/** Computes the state. A pure function of the entries: the same history always gives the same state. */
export function foldTarget(targetId: TargetId, entries: readonly StoredEntry<Entry>[]): TargetHistory {
  const remediations: Remediation[] = [];
  for (const stored of entries) {
    if (stored.entry.kind === 'opened') {
      const first = opened(targetId, remediations.length + 1, stored.entry, stored.atMs);
      remediations.push(stored.archived ? { ...first, archived: true } : first);
      continue;
    }
    const at =
      'remediation' in stored.entry ? placeOf(remediations, stored.entry.remediation) : remediations.length - 1;
    const current = remediations[at];
    if (current !== undefined) remediations[at] = step(current, stored);
  }
  const moved = entries.findLast((stored) => !overtakesNobody.has(stored.entry.kind));
  return { targetId, remediations, lastSeq: entries.at(-1)?.seq ?? 0, staleBelowSeq: moved?.seq ?? 0 };
}

/** Entries that do not make queued steps stale. */
const overtakesNobody: ReadonlySet<Entry['kind']> = new Set(['signal-joined', 'alert-decided', 'alert-outcome']);

/** An id ends with the place of its remediation. */
function placeOf(remediations: readonly Remediation[], id: RemediationId): number {
  const at = (parseRemediationId(id)?.ordinal ?? 0) - 1;
  return remediations[at]?.id === id ? at : -1;
}

/**
 * Adds to a list of the state that is being computed. The list belongs to this fold, and no earlier state of it is kept: copying it for
 * each entry would make a long history take the square of its length.
 */
function grown<T>(list: readonly T[], item: T): readonly T[] {
  (list as T[]).push(item);
  return list;
}

/** Adds to one item of such a list. */
function replaced<T extends object>(list: readonly T[], at: number, more: Partial<T>): readonly T[] {
  const item = list[at];
  if (item !== undefined) (list as T[])[at] = { ...item, ...more };
  return list;
}

function opened(targetId: TargetId, ordinal: number, entry: Entry & { kind: 'opened' }, atMs: number): Remediation {
  return {
    id: remediationIdOf(targetId, ordinal),
    targetId,
    target: entry.target,
    openedAtMs: atMs,
    updatedAtMs: atMs,
    signals: [entry.signal],
    revisions: [],
    attempts: [],
    alertTries: [],
    refused: [],
    mostCalls: noCalls,
    cacheValidFromSeq: 0,
    lookedAgain: 0,
    seenNotReady: [],
  };
}

function step(state: Remediation, stored: StoredEntry<Entry>): Remediation {
  const { entry, atMs } = stored;
  const moved = { ...state, updatedAtMs: atMs };
  switch (entry.kind) {
    case 'opened':
      return moved;
    case 'signal-joined':
      return {
        ...withApprovals(moved, askableAgain(moved, atMs)),
        signals: grown(state.signals, entry.signal),
        cacheValidFromSeq: stored.seq,
      };
    case 'looked':
      return { ...afterLook(inTime(moved), entry, atMs), ...(entry.woken ? { cacheValidFromSeq: stored.seq } : {}) };
    case 'put-off':
      return { ...moved, putOffUntilMs: entry.dueAtMs, ...(entry.woken ? { wokenBeforeMs: atMs } : {}) };
    case 'decided':
      return withApprovals(afterDecision(moved, entry, atMs), afterDecided(moved, entry, stored.seq, atMs));
    case 'outcome':
      return afterOutcome(moved, entry);
    case 'answered':
      return { ...withApprovals(moved, afterAnswered(moved, entry, atMs)), cacheValidFromSeq: stored.seq };
    case 'asked-again':
      return { ...withApprovals(moved, askableAgain(moved, atMs)), cacheValidFromSeq: stored.seq };
    case 'incident-linked':
      return { ...moved, incident: entry.incident };
    case 'undo-asked':
    case 'undo-decided':
    case 'undo-outcome':
      return afterUndo(moved, entry, atMs);
    // Alert entries do not change the remediation: looks and lists must treat it as if it had no alerts.
    case 'alert-decided':
    case 'alert-outcome':
      return { ...state, alertTries: afterAlert(state.alertTries, entry, atMs) };
    case 'closed':
      return { ...moved, closed: { how: entry.how, because: entry.because, atMs } };
  }
}

function inTime({ putOffUntilMs: _until, wokenBeforeMs: _woken, ...state }: Remediation): Remediation {
  return state;
}

function afterDecision(state: Remediation, entry: Entry & { kind: 'decided' }, atMs: number): Remediation {
  const { waitingForPersonSinceMs: since, pullSeenSinceMs: pullSince, ...kept } = state;
  const asks = entry.decision.do === 'incident' || asksAPerson(entry.decision);
  const waiting = asks ? { waitingForPersonSinceMs: since ?? atMs } : {};
  return {
    ...kept,
    ...waiting,
    ...(asks ? { firstAskedAtMs: state.firstAskedAtMs ?? atMs } : {}),
    refused: [...new Set([...state.refused, ...entry.refusals.map(codeOf)])],
    ...(seesPull(entry) ? { pullSeenSinceMs: pullSince ?? atMs } : {}),
    ...bestNow(state, entry.decision, atMs),
    lookedAgain: looksAgain(entry.decision) ? state.lookedAgain + 1 : 0,
    decision: {
      decision: entry.decision,
      atMs,
      dueAtMs: entry.dueAtMs,
      refusals: entry.refusals,
      ...(entry.rule === undefined ? {} : { rule: entry.rule }),
      ...(entry.bound === undefined ? {} : { bound: entry.bound }),
    },
    attempts: attemptOf(entry.decision, atMs).reduce(grown<Attempt>, state.attempts),
  };
}

function seesPull({ refusals }: Entry & { kind: 'decided' }): boolean {
  return refusals.some(({ guard, why }) => guard === 'pull-under-way' && why !== 'unreadable');
}

/** If a person is asked about another cause, that cause counts from now on, even if the earlier one was more certain. */
function bestNow(state: Remediation, decision: Decision, atMs: number): Pick<Remediation, 'bestDiagnosis'> {
  const { look, bestDiagnosis: best } = state;
  if (decision.do !== 'incident' || look?.diagnosis.sure !== 'suspected') return {};
  const isNew = look.diagnosis.causes.includes(decision.cause) && !best?.diagnosis.causes.includes(decision.cause);
  return isNew ? { bestDiagnosis: { atMs, diagnosis: look.diagnosis, suspicions: look.suspicions } } : {};
}

function attemptOf(decision: Decision, atMs: number): Attempt[] {
  switch (decision.do) {
    case 'grant':
      return [{ action: 'grant', atMs, grant: decision.grant }];
    case 'restart':
      return [{ action: 'restart', atMs, revision: decision.revision }];
    case 'new-revision':
      return [newRevisionOf(decision, atMs)];
    case 'start':
      return [{ action: 'start', atMs, revision: decision.execution }];
    case 'wait':
    case 'ask':
    case 'incident':
    case 'close':
      return [];
  }
}

function newRevisionOf({ revision, template, instead }: Decision & { do: 'new-revision' }, atMs: number): Attempt {
  return { action: 'new-revision', atMs, revision, template, ...(instead === undefined ? {} : { instead }) };
}

function withApprovals(
  { approval: _asked, retryApproval: _retry, ...state }: Remediation,
  { approval, retryApproval }: Approvals,
): Remediation {
  return {
    ...state,
    ...(approval === undefined ? {} : { approval }),
    ...(retryApproval === undefined ? {} : { retryApproval }),
  };
}

function afterOutcome(state: Remediation, entry: Entry & { kind: 'outcome' }): Remediation {
  const open = (attempt: Attempt): boolean =>
    attempt.outcome === undefined || attempt.outcome === 'unknown' || attempt.because === 'not-made';
  const at = state.attempts.findLastIndex((attempt) => attempt.action === entry.action && open(attempt));
  const { outcome, because, undo } = entry;
  const said = {
    outcome,
    ...(because === undefined ? {} : { because }),
    ...(undo === undefined ? {} : { undo }),
  };
  if (at >= 0) replaced(state.attempts, at, said);
  // Right before the change the guards are asked once more: one that refuses then is named by the outcome alone.
  if (outcome !== 'withheld' || because === undefined) return state;
  return { ...state, refused: [...new Set([...state.refused, because as RefusalCode])] };
}

function afterUndo(state: Remediation, entry: UndoEntry, atMs: number): Remediation {
  switch (entry.kind) {
    case 'undo-asked': {
      const { grant, assignment, by } = entry;
      const anyway = entry.anyway === true ? { anyway: entry.anyway } : {};
      return { ...state, undo: { grant, assignment, by, ...anyway, askedAtMs: atMs, refusals: [] } };
    }
    case 'undo-decided': {
      const { refusals } = entry;
      const decided = refusals.length === 0 ? { decidedAtMs: atMs } : {};
      return state.undo === undefined ? state : { ...state, undo: { ...state.undo, ...decided, refusals } };
    }
    case 'undo-outcome': {
      const { outcome, because } = entry;
      const said = { outcome, endedAtMs: atMs, ...(because === undefined ? {} : { because }) };
      return state.undo === undefined ? state : { ...state, undo: { ...state.undo, ...said } };
    }
  }
}

type UndoEntry = Extract<Entry, { readonly kind: 'undo-asked' | 'undo-decided' | 'undo-outcome' }>;
type AlertEntry = Extract<Entry, { readonly kind: 'alert-decided' | 'alert-outcome' }>;

function afterAlert(tries: readonly AlertTry[], entry: AlertEntry, atMs: number): readonly AlertTry[] {
  const { alert, state } = entry;
  if (entry.kind === 'alert-decided') return grown(tries, { alert, state, atMs, refusals: entry.refusals });
  const { outcome, because } = entry;
  const at = tries.findLastIndex((one) => one.alert === alert && one.state === state);
  return at < 0 ? tries : replaced(tries, at, { outcome, ...(because === undefined ? {} : { because }) });
}
