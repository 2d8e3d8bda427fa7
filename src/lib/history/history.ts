// The history of a target: what every entry means, and how the entries add up to the state of its remediations.

import { storedCause } from '../causes/causes.ts';
import type { Suspicion } from '../classify/classify.ts';
import type { Calls } from '../evidence/calls.ts';
import { mostOf, noCalls } from '../evidence/calls.ts';
import type { Signal } from '../signals/signal.ts';
import type { AlertId } from '../words/arm-id.ts';
import type { Unreadable } from '../words/fact.ts';
import type { IncidentId, RemediationId, Target, TargetId } from '../words/target.ts';
import { remediationIdOf } from '../words/target.ts';
import { type CloseHow, type CloseReason } from './closing.ts';
import type { Decision } from './decision.ts';
import type { Diagnosis, FindingCode } from './diagnosis.ts';
import { type Grant, sameGrant } from './grant.ts';
import { type StoredEntry } from './ledger.ts';
import type { Refusal } from './refusals.ts';

/** Why a grant failed: the directory does not know whom it was for. */
export const principalNotFound = 'principal-not-found';

export const actionNames = ['grant', 'restart', 'new-revision'] as const;
export type ActionName = (typeof actionNames)[number];
export type Answer = 'approved' | 'rejected';
export type OutcomeKind = 'done' | 'already-there' | 'failed' | 'unknown' | 'withheld';
/** What became of an undo. `already-gone`: somebody else removed the assignment, so there was nothing to undo. */
export type UndoOutcome = 'removed' | 'already-gone' | 'failed' | 'unknown' | 'withheld';

/** States of an alert that are ever set. Azure knows a third, `New`. */
export const alertStates = ['Acknowledged', 'Closed'] as const;
export type AlertState = (typeof alertStates)[number];

/** What a look saw of the pull itself; a proof needs both halves. */
export interface PullProgress {
  readonly pulledRow: boolean;
  readonly readyReplica: boolean;
  /** Replicas that had a container waiting: a stuck replica heals on the platform's next try. */
  readonly notReady: readonly string[];
  /** The first and the last row that speaks of a pull that failed. */
  readonly failedAtMs?: number;
  readonly lastFailedAtMs?: number;
  readonly proof: 'proven' | 'arm-half' | 'not-yet';
}

/** `over-budget`: the requests of all instances are spent. `first-looks-first`: what was never looked at goes first. */
export type PutOffReason = 'over-budget' | 'first-looks-first';

export type Entry =
  | { readonly kind: 'opened'; readonly target: Target; readonly signal: Signal; readonly mode: string }
  | { readonly kind: 'signal-joined'; readonly signal: Signal }
  | {
      readonly kind: 'looked';
      readonly suspicions: readonly Suspicion[];
      readonly diagnosis: Diagnosis;
      readonly progress: PullProgress;
      readonly revisions: readonly string[];
      /** Facts that could not be read in this look. */
      readonly unread: readonly string[];
      /** Why, for each of them; histories of older versions do not say. */
      readonly whyUnread?: Readonly<Record<string, Unreadable>>;
      /** The stored name of `transientlyUnreadable`: one of them for a reason that passes (throttled, timed out, unavailable). */
      readonly clouded?: boolean;
      /** Facts that this look asked for. */
      readonly asked?: readonly string[];
      /** Those of them that an earlier look had read, a short time ago. */
      readonly recalled?: readonly string[];
      /** Something had been changed, or somebody asked: everything was read anew. */
      readonly woken?: true;
      readonly calls: number;
      /** The same by kind. */
      readonly sent?: Calls;
    }
  | {
      readonly kind: 'decided';
      readonly decision: Decision;
      readonly dueAtMs: number;
      readonly refusals: readonly Refusal[];
    }
  | {
      readonly kind: 'outcome';
      readonly action: ActionName;
      readonly outcome: OutcomeKind;
      readonly because?: string;
      readonly detail?: string;
      readonly undo?: string;
    }
  | {
      /** A person answered what was asked: this grant, and no other. */
      readonly kind: 'answered';
      readonly answer: Answer;
      readonly grant: Grant;
      readonly by: string;
    }
  | { readonly kind: 'incident-linked'; readonly incident: IncidentId }
  /** The look was not made now: Azure may not be asked, or others are first. */
  | { readonly kind: 'put-off'; readonly because: PutOffReason; readonly dueAtMs: number }
  | {
      /** A person wants this assignment of ours gone. Undo entries name their remediation: it may have ended long ago. */
      readonly kind: 'undo-asked';
      readonly remediation: RemediationId;
      readonly grant: Grant;
      readonly assignment: string;
      readonly by: string;
    }
  | { readonly kind: 'undo-decided'; readonly remediation: RemediationId; readonly refusals: readonly Refusal[] }
  | {
      readonly kind: 'undo-outcome';
      readonly remediation: RemediationId;
      readonly outcome: UndoOutcome;
      readonly because?: string;
      readonly detail?: string;
    }
  | {
      /** Without refusals the state is set next. Alert entries name their remediation, as undo entries do. */
      readonly kind: 'alert-decided';
      readonly remediation: RemediationId;
      readonly alert: AlertId;
      readonly state: AlertState;
      readonly refusals: readonly Refusal[];
    }
  | {
      readonly kind: 'alert-outcome';
      readonly remediation: RemediationId;
      readonly alert: AlertId;
      readonly state: AlertState;
      readonly outcome: OutcomeKind;
      readonly because?: string;
      readonly detail?: string;
    }
  | { readonly kind: 'closed'; readonly how: CloseHow; readonly because: CloseReason };

export interface Attempt {
  readonly action: ActionName;
  readonly atMs: number;
  readonly outcome?: OutcomeKind;
  readonly because?: string;
  readonly grant?: Grant;
  /** The revision that was restarted, or the one that was asked for. */
  readonly revision?: string;
  /** Of a new revision: the short name of the template that it must have. */
  readonly template?: string;
  /** The assignment that it made; only where it is certain that it was made by this attempt. */
  readonly undo?: string;
}

/** A person asked to take back what a remediation granted. */
export interface Undo {
  readonly grant: Grant;
  readonly assignment: string;
  readonly by: string;
  readonly askedAtMs: number;
  /** When the removal was decided; after this nobody decides it again. */
  readonly decidedAtMs?: number;
  readonly refusals: readonly Refusal[];
  readonly outcome?: UndoOutcome;
  readonly because?: string;
}

/** One try to set the state of an alert: there is at most one for each state. */
export interface AlertTry {
  readonly alert: AlertId;
  readonly state: AlertState;
  readonly atMs: number;
  readonly refusals: readonly Refusal[];
  readonly outcome?: OutcomeKind;
  readonly because?: string;
}

/** A grant that a person may allow, until a moment. */
export interface Approval {
  readonly grant: Grant;
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
  readonly answer?: { readonly answer: Answer; readonly by: string; readonly atMs: number };
}

export interface Remediation {
  readonly id: RemediationId;
  readonly targetId: TargetId;
  readonly target: Target;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly signals: readonly Signal[];
  readonly revisions: readonly string[];
  readonly look?: {
    readonly atMs: number;
    readonly suspicions: readonly Suspicion[];
    readonly diagnosis: Diagnosis;
    readonly progress: PullProgress;
    /** The look could not read something for a reason that passes by itself. */
    readonly transientlyUnreadable: boolean;
    readonly recalled?: readonly string[];
  };
  /** What was wrong: the first confirmed diagnosis, until another cause is confirmed. A recovery does not erase it. */
  readonly bestDiagnosis?: {
    readonly atMs: number;
    readonly diagnosis: Diagnosis;
    readonly suspicions: readonly Suspicion[];
    /** What that look asked for, and what it took. */
    readonly cost?: { readonly asked: readonly string[]; readonly calls: Calls };
  };
  /** Since when the confirmed cause no longer reads true, while the app has not recovered yet. */
  readonly clearedAtMs?: number;
  readonly decision?: {
    readonly decision: Decision;
    readonly atMs: number;
    readonly dueAtMs: number;
    readonly refusals: readonly Refusal[];
  };
  /** Until when the next look was put off. */
  readonly putOffUntilMs?: number;
  readonly attempts: readonly Attempt[];
  /** The most requests that one look needed, of each kind. */
  readonly mostCalls: Calls;
  /** Facts that were read before this entry are read again: something was changed, another signal came, or a person answered. */
  readonly cacheValidFromSeq: number;
  /** Decisions in a row to look again, because something could not be read for a reason that passes. */
  readonly lookedAgain: number;
  readonly approval?: Approval;
  readonly undo?: Undo;
  readonly alertTries: readonly AlertTry[];
  readonly incident?: IncidentId;
  readonly waitingForPersonSinceMs?: number;
  readonly seenNotReady: readonly string[];
  /** When a look last found a role that lets the declared identity pull. */
  readonly roleSeenAtMs?: number;
  readonly failedAtMs?: number;
  readonly diagnosedAtMs?: number;
  readonly provenAtMs?: number;
  readonly closed?: { readonly how: CloseHow; readonly because: CloseReason; readonly atMs: number };
}

/** Everything known of a target: its remediations, oldest first, and the last entry's number. */
export interface TargetHistory {
  readonly targetId: TargetId;
  readonly remediations: readonly Remediation[];
  readonly lastSeq: number;
  /** A step message with a lower number is stale. The last entry that was neither another signal nor about an alert. */
  readonly staleBelowSeq: number;
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const added = b.filter((item) => !a.includes(item));
  return added.length === 0 ? a : [...a, ...added];
}

/** Whether this look names what is wrong better than what we had. Our own grant propagating is no new cause. */
function findsMore(state: Remediation, diagnosis: Diagnosis, proven: boolean): boolean {
  const before = state.bestDiagnosis?.diagnosis;
  if (before === undefined) return true;
  if (proven) return false;
  if (diagnosis.sure !== 'confirmed') return before.sure === 'unexplained' && diagnosis.sure === 'suspected';
  return before.sure !== 'confirmed' || !diagnosis.causes.includes('pull-role-propagating');
}

/** What causes are read from. While one of these cannot be read, nobody knows whether it has cleared. */
const causeFacts = ['app', 'revisions', 'environment', 'registry', 'roles', 'vnet', 'zones', 'endpoints', 'token'];

/** A cause may have a fact of its own. Of another cause it tells nothing, and some tenants never let it be read. */
function readFrom({ causes }: Diagnosis): readonly string[] {
  return [...causeFacts, ...causes.flatMap((cause) => storedCause(cause)?.ownFact ?? [])];
}

/** Stored as `clouded`; histories of the first versions do not say. */
function isTransientlyUnreadable({ clouded }: Entry & { kind: 'looked' }): boolean {
  return clouded === true;
}

function clearedSince(state: Remediation, entry: Entry & { kind: 'looked' }, atMs: number): number | undefined {
  const before = state.bestDiagnosis?.diagnosis;
  if (before?.sure !== 'confirmed' || entry.diagnosis.sure === 'confirmed') return undefined;
  const needed = readFrom(before);
  if (isTransientlyUnreadable(entry) || entry.unread.some((name) => needed.includes(name))) return state.clearedAtMs;
  return state.clearedAtMs ?? atMs;
}

/** Findings that there is a role. */
const roleFindings: readonly FindingCode[] = ['role-present', 'role-young', 'role-of-group'];

function seesRole({ diagnosis }: Entry & { kind: 'looked' }): boolean {
  return [...diagnosis.for, ...diagnosis.against].some(({ code }) => roleFindings.includes(code));
}

function sentIn({ sent, calls }: Entry & { kind: 'looked' }): Calls {
  return sent ?? { ...noCalls, control: calls };
}

function bestBy(entry: Entry & { kind: 'looked' }, atMs: number): NonNullable<Remediation['bestDiagnosis']> {
  const { diagnosis, suspicions, asked = [] } = entry;
  return { atMs, diagnosis, suspicions, cost: { asked, calls: sentIn(entry) } };
}

function afterLook(state: Remediation, entry: Entry & { kind: 'looked' }, atMs: number): Remediation {
  const proven = entry.progress.proof !== 'not-yet';
  const found = findsMore(state, entry.diagnosis, proven);
  const failedAtMs = state.failedAtMs ?? entry.progress.failedAtMs;
  const provenAtMs = proven ? (state.provenAtMs ?? atMs) : undefined;
  const clearedAtMs = clearedSince(state, entry, atMs);
  const diagnosedAtMs = state.diagnosedAtMs ?? (entry.diagnosis.sure === 'unexplained' ? undefined : atMs);
  const { provenAtMs: _proven, clearedAtMs: _cleared, ...kept } = state;
  return {
    ...kept,
    look: {
      atMs,
      suspicions: entry.suspicions,
      diagnosis: entry.diagnosis,
      progress: entry.progress,
      transientlyUnreadable: isTransientlyUnreadable(entry),
      recalled: entry.recalled ?? [],
    },
    mostCalls: mostOf(state.mostCalls, sentIn(entry)),
    revisions: union(state.revisions, entry.revisions),
    seenNotReady: union(state.seenNotReady, entry.progress.notReady),
    ...(found ? { bestDiagnosis: bestBy(entry, atMs) } : {}),
    ...(seesRole(entry) ? { roleSeenAtMs: atMs } : {}),
    ...(failedAtMs === undefined ? {} : { failedAtMs }),
    ...(diagnosedAtMs === undefined ? {} : { diagnosedAtMs }),
    ...(provenAtMs === undefined ? {} : { provenAtMs }),
    ...(clearedAtMs === undefined ? {} : { clearedAtMs }),
  };
}

function attemptOf(decision: Decision, atMs: number): Attempt[] {
  switch (decision.do) {
    case 'grant':
      return [{ action: 'grant', atMs, grant: decision.grant }];
    case 'restart':
      return [{ action: 'restart', atMs, revision: decision.revision }];
    case 'new-revision':
      return [{ action: 'new-revision', atMs, revision: decision.revision, template: decision.template }];
    case 'wait':
    case 'ask':
    case 'incident':
    case 'close':
      return [];
  }
}

/** Asking again for the same grant does not start the time anew. */
function approvalAfter(state: Remediation, decision: Decision, atMs: number): { approval?: Approval } {
  const before = state.approval;
  if (decision.do !== 'ask') return before === undefined ? {} : { approval: before };
  if (before !== undefined && sameGrant(before.grant, decision.grant)) return { approval: before };
  return { approval: { grant: decision.grant, askedAtMs: atMs, expiresAtMs: decision.expiresAtMs } };
}

function afterAnswer(state: Remediation, entry: Entry & { kind: 'answered' }, atMs: number): Remediation {
  const { approval } = state;
  if (approval === undefined || approval.answer !== undefined || !sameGrant(approval.grant, entry.grant)) return state;
  return { ...state, approval: { ...approval, answer: { answer: entry.answer, by: entry.by, atMs } } };
}

/** A person is asked about a cause that was not known before: then that is what is wrong now, however sure the earlier one was. */
function bestNow(state: Remediation, decision: Decision, atMs: number): Pick<Remediation, 'bestDiagnosis'> {
  const { look, bestDiagnosis: best } = state;
  if (decision.do !== 'incident' || look?.diagnosis.sure !== 'suspected') return {};
  const isNew = look.diagnosis.causes.includes(decision.cause) && !best?.diagnosis.causes.includes(decision.cause);
  return isNew ? { bestDiagnosis: { atMs, diagnosis: look.diagnosis, suspicions: look.suspicions } } : {};
}

function afterDecision(state: Remediation, entry: Entry & { kind: 'decided' }, atMs: number): Remediation {
  const { waitingForPersonSinceMs: since, ...kept } = state;
  const asks = entry.decision.do === 'incident' || entry.decision.do === 'ask';
  const again = entry.decision.do === 'wait' && entry.decision.because === 'looking-again';
  const waiting = asks ? { waitingForPersonSinceMs: since ?? atMs } : {};
  return {
    ...kept,
    ...waiting,
    ...bestNow(state, entry.decision, atMs),
    lookedAgain: again ? state.lookedAgain + 1 : 0,
    ...approvalAfter(state, entry.decision, atMs),
    decision: { decision: entry.decision, atMs, dueAtMs: entry.dueAtMs, refusals: entry.refusals },
    attempts: [...state.attempts, ...attemptOf(entry.decision, atMs)],
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
  const attempts = state.attempts.map((attempt, index) => (index === at ? { ...attempt, ...said } : attempt));
  return { ...state, attempts };
}

function inTime({ putOffUntilMs: _until, ...state }: Remediation): Remediation {
  return state;
}

function afterUndo(state: Remediation, entry: UndoEntry, atMs: number): Remediation {
  switch (entry.kind) {
    case 'undo-asked': {
      const { grant, assignment, by } = entry;
      return { ...state, undo: { grant, assignment, by, askedAtMs: atMs, refusals: [] } };
    }
    case 'undo-decided': {
      const { refusals } = entry;
      const decided = refusals.length === 0 ? { decidedAtMs: atMs } : {};
      return state.undo === undefined ? state : { ...state, undo: { ...state.undo, ...decided, refusals } };
    }
    case 'undo-outcome': {
      const { outcome, because } = entry;
      const said = { outcome, ...(because === undefined ? {} : { because }) };
      return state.undo === undefined ? state : { ...state, undo: { ...state.undo, ...said } };
    }
  }
}

type UndoEntry = Extract<Entry, { readonly kind: 'undo-asked' | 'undo-decided' | 'undo-outcome' }>;
type AlertEntry = Extract<Entry, { readonly kind: 'alert-decided' | 'alert-outcome' }>;

function afterAlert(tries: readonly AlertTry[], entry: AlertEntry, atMs: number): AlertTry[] {
  const { alert, state } = entry;
  if (entry.kind === 'alert-decided') return [...tries, { alert, state, atMs, refusals: entry.refusals }];
  const { outcome, because } = entry;
  const said = { outcome, ...(because === undefined ? {} : { because }) };
  return tries.map((one) => (one.alert === alert && one.state === state ? { ...one, ...said } : one));
}

function step(state: Remediation, stored: StoredEntry<Entry>): Remediation {
  const { entry, atMs } = stored;
  const moved = { ...state, updatedAtMs: atMs };
  switch (entry.kind) {
    case 'opened':
      return moved;
    case 'signal-joined':
      return { ...moved, signals: [...state.signals, entry.signal], cacheValidFromSeq: stored.seq };
    case 'looked':
      return { ...afterLook(inTime(moved), entry, atMs), ...(entry.woken ? { cacheValidFromSeq: stored.seq } : {}) };
    case 'put-off':
      return { ...moved, putOffUntilMs: entry.dueAtMs };
    case 'decided':
      return afterDecision(moved, entry, atMs);
    case 'outcome':
      return afterOutcome(moved, entry);
    case 'answered':
      return { ...afterAnswer(moved, entry, atMs), cacheValidFromSeq: stored.seq };
    case 'incident-linked':
      return { ...moved, incident: entry.incident };
    case 'undo-asked':
    case 'undo-decided':
    case 'undo-outcome':
      return afterUndo(moved, entry, atMs);
    // Of no account to the remediation: it must be looked at and listed as if there were no alerts.
    case 'alert-decided':
    case 'alert-outcome':
      return { ...state, alertTries: afterAlert(state.alertTries, entry, atMs) };
    case 'closed':
      return { ...moved, closed: { how: entry.how, because: entry.because, atMs } };
  }
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
    mostCalls: noCalls,
    cacheValidFromSeq: 0,
    lookedAgain: 0,
    seenNotReady: [],
  };
}

function indexOfId(remediations: readonly Remediation[], id: RemediationId): number {
  return remediations.findIndex((one) => one.id === id);
}

/** Entries that leave every step that is on its way the one to take. */
const overtakesNobody: ReadonlySet<Entry['kind']> = new Set(['signal-joined', 'alert-decided', 'alert-outcome']);

/** Adds the entries up. A pure function of the entries: the same history always means the same. */
export function foldTarget(targetId: TargetId, entries: readonly StoredEntry<Entry>[]): TargetHistory {
  const remediations: Remediation[] = [];
  for (const stored of entries) {
    if (stored.entry.kind === 'opened') {
      remediations.push(opened(targetId, remediations.length + 1, stored.entry, stored.atMs));
      continue;
    }
    const at =
      'remediation' in stored.entry ? indexOfId(remediations, stored.entry.remediation) : remediations.length - 1;
    const current = remediations[at];
    if (current !== undefined) remediations[at] = step(current, stored);
  }
  const moved = entries.findLast((stored) => !overtakesNobody.has(stored.entry.kind));
  return { targetId, remediations, lastSeq: entries.at(-1)?.seq ?? 0, staleBelowSeq: moved?.seq ?? 0 };
}

/** The remediation that is going on, if there is one. */
export function liveOf(history: TargetHistory): Remediation | undefined {
  const last = history.remediations.at(-1);
  return last === undefined || last.closed !== undefined ? undefined : last;
}

/** The entries of one remediation, by its ordinal. What names its remediation belongs to that one, whenever it was written. */
export function entriesOf(
  entries: readonly StoredEntry<Entry>[],
  targetId: TargetId,
  ordinal: number,
): StoredEntry<Entry>[] {
  let at = 0;
  return entries.filter(({ entry }) => {
    if (entry.kind === 'opened') at += 1;
    return 'remediation' in entry ? entry.remediation === remediationIdOf(targetId, ordinal) : at === ordinal;
  });
}

/** The grant that this remediation made and that nobody has taken back yet, with the assignment that it made. */
export function undoableGrant({ attempts, undo }: Remediation): { grant: Grant; assignment: string } | undefined {
  if (undo?.outcome === 'removed' || undo?.outcome === 'already-gone') return undefined;
  const made = attempts.findLast((attempt) => attempt.action === 'grant' && attempt.outcome === 'done');
  if (made?.grant === undefined || made.undo === undefined) return undefined;
  return { grant: made.grant, assignment: made.undo };
}

/** Whether an undo was asked for and has not come to an end. */
export function isUndoing({ undo }: Remediation): boolean {
  return undo !== undefined && undo.refusals.length === 0 && (undo.outcome === undefined || undo.outcome === 'unknown');
}

/** The oldest remediation whose undo is under way. */
export function undoingOf({ remediations }: TargetHistory): Remediation | undefined {
  return remediations.find(isUndoing);
}

/** Changes that were made or may have been made: a time-out counts as made until it is settled. */
export function madeChanges(attempts: readonly Attempt[], action: ActionName): Attempt[] {
  return attempts.filter(
    (attempt) => attempt.action === action && attempt.outcome !== 'withheld' && attempt.outcome !== 'failed',
  );
}

/** Grants and restarts of all remediations of the target since an instant. */
export function changesSince(history: TargetHistory, action: ActionName, sinceMs: number): Attempt[] {
  return madeChanges(
    history.remediations.flatMap((remediation) => remediation.attempts),
    action,
  ).filter((attempt) => attempt.atMs >= sinceMs);
}
