// The state of each remediation of a target, as computed from the entries.

import type { Suspicion } from '../classify/classify.ts';
import type { Calls } from '../evidence/calls.ts';
import type { Signal } from '../signals/signal.ts';
import type { AlertId } from '../words/arm-id.ts';
import type { IncidentId, RemediationId, Target, TargetId } from '../words/target.ts';
import type { Approval } from './approval.ts';
import type { BindingRefusal } from './binding-refusal.ts';
import type { CauseReads } from './cause-reads.ts';
import type { CloseHow, CloseReason } from './closing.ts';
import type { Decision, RuleName } from './decision.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { ActionName, AlertState, OutcomeKind, PullEnds, PullProgress, UndoOutcome } from './entries.ts';
import type { Grant } from './grant.ts';
import type { Writes } from './last-writes.ts';
import type { Refusal, RefusalCode } from './refusals.ts';

/** Everything known of a target: its remediations, oldest first, and the last entry's number. */
export interface TargetHistory {
  readonly targetId: TargetId;
  readonly remediations: readonly Remediation[];
  readonly lastSeq: number;
  /** A step message with a lower number is stale. The last entry that was neither another signal nor about an alert. */
  readonly staleBelowSeq: number;
}

export interface Remediation {
  readonly id: RemediationId;
  readonly targetId: TargetId;
  readonly target: Target;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly signals: readonly Signal[];
  readonly revisions: readonly string[];
  /** Who wrote the app; absent until a look has read the app. */
  readonly writes?: Writes;
  readonly look?: {
    readonly atMs: number;
    readonly suspicions: readonly Suspicion[];
    readonly diagnosis: Diagnosis;
    readonly progress: PullProgress;
    /** The look could not read something for a reason that passes by itself. */
    readonly transientlyUnreadable: boolean;
    /** It rests on nothing that was read before this instant, in milliseconds; histories of older versions do not say. */
    readonly seesFromMs?: number;
    /** The registry and the principal of the pull. */
    readonly pulls?: PullEnds;
    /** We may not read something other than the image. */
    readonly blind: boolean;
    /** How the cause read, where the app served. */
    readonly causeReads?: CauseReads;
  };
  /**
   * What was wrong: the first confirmed diagnosis, until another cause is confirmed; before that, the most exact suspicion (exactness.ts). A recovery
   * does not erase it.
   */
  readonly bestDiagnosis?: {
    readonly atMs: number;
    readonly diagnosis: Diagnosis;
    readonly suspicions: readonly Suspicion[];
    /** The probes that this look asked, and the requests that they took. */
    readonly cost?: { readonly asked: readonly string[]; readonly calls: Calls };
  };
  /** Since when the confirmed cause no longer reads true, while the app has not recovered yet. */
  readonly clearedAtMs?: number;
  readonly decision?: {
    readonly decision: Decision;
    readonly atMs: number;
    readonly dueAtMs: number;
    readonly refusals: readonly Refusal[];
    /** The rule that decided; histories of older versions do not say. */
    readonly rule?: RuleName;
    /** The no that binds it. */
    readonly bound?: BindingRefusal;
  };
  /** Until when the next look was put off. */
  readonly putOffUntilMs?: number;
  /**
   * Something woke it, the look that was to see that was put off, and no look has been made since: it happened before this instant, in
   * milliseconds.
   */
  readonly wokenBeforeMs?: number;
  readonly attempts: readonly Attempt[];
  /** The most requests that one look needed, of each kind. */
  readonly mostCalls: Calls;
  /** Facts that were read before this entry are read again: something was changed, another signal came, or a person answered. */
  readonly cacheValidFromSeq: number;
  /** Decisions in a row to look again, because something could not be read for a reason that passes. */
  readonly lookedAgain: number;
  /** Since when each decision has seen a pull under way and kept back a restart for it. */
  readonly pullSeenSinceMs?: number;
  /** The last question about a grant, unless it was withdrawn. */
  readonly approval?: Approval<{ readonly grant: Grant }>;
  /** The last question about a restart or a new revision, unless it was withdrawn. */
  readonly retryApproval?: Approval;
  readonly undo?: Undo;
  readonly alertTries: readonly AlertTry[];
  readonly incident?: IncidentId;
  readonly waitingForPersonSinceMs?: number;
  /** When a person was asked for the first time; it stays when pullmedic no longer waits for a person. */
  readonly firstAskedAtMs?: number;
  /** Every refusal of a guard so far, each once. */
  readonly refused: readonly RefusalCode[];
  readonly seenNotReady: readonly string[];
  /** When a look last found a role that lets the declared identity pull. */
  readonly roleSeenAtMs?: number;
  readonly failedAtMs?: number;
  readonly diagnosedAtMs?: number;
  readonly provenAtMs?: number;
  /**
   * Since which look Azure shows the half of the proof that is its own: a replica that was not ready before is ready, and none waits. The row of
   * the pull may come later.
   */
  readonly readySinceMs?: number;
  /** Since when some of the wanted replicas have recovered, and not all. */
  readonly partlySinceMs?: number;
  /** Its entries are in the archive, where they are read like any others. */
  readonly archived?: true;
  readonly closed?: { readonly how: CloseHow; readonly because: CloseReason; readonly atMs: number };
}

export interface Attempt {
  readonly action: ActionName;
  readonly atMs: number;
  readonly outcome?: OutcomeKind;
  readonly because?: string;
  readonly grant?: Grant;
  /** The revision that was restarted, or the one that was asked for; of a start, the execution in whose place it is. */
  readonly revision?: string;
  /** Of a new revision: the revision that it stands in for. */
  readonly instead?: string;
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
  /** The person wants it although others may rely on the assignment. */
  readonly anyway?: true;
  readonly askedAtMs: number;
  /** When the removal was decided. It is decided only once. */
  readonly decidedAtMs?: number;
  readonly refusals: readonly Refusal[];
  readonly outcome?: UndoOutcome;
  /** When the outcome was recorded. */
  readonly endedAtMs?: number;
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
