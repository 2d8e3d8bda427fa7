// The entries of a history, as the store keeps them. Stored members keep their names for ever, because older histories must stay readable.

import type { Suspicion } from '../classify/classify.ts';
import type { Calls } from '../evidence/calls.ts';
import type { SeenWrite } from '../evidence/last-write.ts';
import type { Signal } from '../signals/signal.ts';
import type { AlertId, ArmId, PrincipalId } from '../words/arm-id.ts';
import type { Unreadable } from '../words/fact.ts';
import type { IncidentId, RemediationId, Target } from '../words/target.ts';
import type { Asked } from './asked.ts';
import type { BindingRefusal } from './binding-refusal.ts';
import type { CauseReads } from './cause-reads.ts';
import type { CloseHow, CloseReason } from './closing.ts';
import type { Decision, RuleName } from './decision.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Grant } from './grant.ts';
import type { Refusal } from './refusals.ts';
import type { ReplicaCount } from './replica-count.ts';

export type Entry =
  | { readonly kind: 'opened'; readonly target: Target; readonly signal: Signal; readonly mode: string }
  | { readonly kind: 'signal-joined'; readonly signal: Signal }
  | {
      readonly kind: 'looked';
      readonly suspicions: readonly Suspicion[];
      readonly diagnosis: Diagnosis;
      /** How the cause read, where the app served; histories of older versions do not say. */
      readonly causeReads?: CauseReads;
      readonly progress: PullProgress;
      /** The registry and the principal of the pull; histories of older versions do not say. */
      readonly pulls?: PullEnds;
      readonly revisions: readonly string[];
      /** Who wrote the app last, where the remediation did not know that yet; histories of older versions do not say. */
      readonly lastWrite?: SeenWrite;
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
      /** Something had changed or a person had asked for a look: it rests on nothing that was read before that. */
      readonly woken?: true;
      /** It rests on nothing that was read before this instant, in milliseconds; histories of older versions do not say. */
      readonly seesFromMs?: number;
      readonly calls: number;
      /** The same by kind. */
      readonly sent?: Calls;
    }
  | {
      readonly kind: 'decided';
      readonly decision: Decision;
      readonly dueAtMs: number;
      readonly refusals: readonly Refusal[];
      /** The no that binds this decision; histories of older versions do not say. */
      readonly bound?: BindingRefusal;
      /** The rule that decided; histories of older versions do not say. */
      readonly rule?: RuleName;
    }
  | {
      readonly kind: 'outcome';
      readonly action: ActionName;
      readonly outcome: OutcomeKind;
      readonly because?: string;
      readonly detail?: string;
      readonly undo?: string;
      readonly killSwitchMeanwhile?: KillSwitchMeanwhile;
    }
  | (Asked & {
      /** A person answered one question, and no other. */
      readonly kind: 'answered';
      readonly answer: Answer;
      readonly by: string;
      /** The reason, in the words of the person, where the person gave one. */
      readonly why?: string;
      /** The number of the entry that asked; entries of older versions do not say. */
      readonly question?: number;
      /** The doubts that the question showed. */
      readonly saw?: readonly Refusal[];
    })
  /** A person wants a question to be asked again that expired without an answer. */
  | { readonly kind: 'asked-again'; readonly question: number; readonly by: string; readonly why?: string }
  | { readonly kind: 'incident-linked'; readonly incident: IncidentId }
  | {
      /** The look was not made now: Azure may not be asked, or others are first. */
      readonly kind: 'put-off';
      readonly because: PutOffReason;
      readonly dueAtMs: number;
      /** Something woke this look, before this entry. */
      readonly woken?: true;
    }
  | {
      /** A person asked to remove this assignment of ours. Undo entries name their remediation, because it may have ended long ago. */
      readonly kind: 'undo-asked';
      readonly remediation: RemediationId;
      readonly grant: Grant;
      readonly assignment: string;
      readonly by: string;
      readonly why?: string;
      /** The person wants it although others may rely on the assignment; histories of older versions do not say. */
      readonly anyway?: true;
    }
  | {
      readonly kind: 'undo-decided';
      readonly remediation: RemediationId;
      readonly refusals: readonly Refusal[];
      /** Ids of resources and remediations that rely on the assignment too, where there are any and they could be read. */
      readonly reliedOnBy?: readonly string[];
    }
  | {
      readonly kind: 'undo-outcome';
      readonly remediation: RemediationId;
      readonly outcome: UndoOutcome;
      readonly because?: string;
      readonly detail?: string;
      readonly killSwitchMeanwhile?: KillSwitchMeanwhile;
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
      readonly killSwitchMeanwhile?: KillSwitchMeanwhile;
    }
  | { readonly kind: 'closed'; readonly how: CloseHow; readonly because: CloseReason };

/** Both ends of a pull, and where it runs, as ARM names them; absent where the look could not tell. */
export interface PullEnds {
  /** The host of the registry, where the look was about another entry of the app than that of the image. */
  readonly host?: string;
  readonly registryId?: ArmId;
  readonly principalId?: PrincipalId;
  /** The environment of the app; histories of older versions do not say. */
  readonly environmentId?: ArmId;
}

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
  /** The proof holds for some of the replicas that the app wants, and not for all: it is not proven yet. */
  readonly partly?: ReplicaCount;
}

/** `over-budget`: the requests of all instances are spent. `first-looks-first`: apps without any look go first. */
export type PutOffReason = 'over-budget' | 'first-looks-first';

/** The kill switch right after a write that it had let pass: it was set on while the call was under way, or it could not be read. */
export type KillSwitchMeanwhile = 'on' | 'unreadable';

export const actionNames = ['grant', 'restart', 'new-revision', 'start'] as const;
export type ActionName = (typeof actionNames)[number];
export type Answer = 'approved' | 'rejected';
export type OutcomeKind = 'done' | 'already-there' | 'failed' | 'unknown' | 'withheld';
/** The result of an undo. `already-gone`: another person or system had removed the assignment, so there was nothing to undo. */
export type UndoOutcome = 'removed' | 'already-gone' | 'failed' | 'unknown' | 'withheld';

/** States of an alert that are ever set. Azure knows a third, `New`. */
export const alertStates = ['Acknowledged', 'Closed'] as const;
export type AlertState = (typeof alertStates)[number];

/** Why it is unknown whether a grant was made: its answer was lost, and it is not there. */
export const grantNotFound = 'not-found';

/** Why a grant failed: the directory does not know the principal. */
export const principalNotFound = 'principal-not-found';
