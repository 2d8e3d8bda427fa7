// A decision as a history records it.

import type { Cause } from '../causes/causes.ts';
import type { Asked } from './asked.ts';
import type { BindingRefusal } from './binding-refusal.ts';
import type { CloseHow, CloseReason } from './closing.ts';
import type { Grant } from './grant.ts';
import type { Refusal } from './refusals.ts';
import type { AnnouncedRestart } from './restarts.ts';

export type WaitReason =
  | 'role-propagating'
  | 'registry-busy'
  | 'tokens-refresh'
  | 'proving-recovery'
  | 'cause-cleared'
  | 'proving-stability'
  | 'no-text-yet'
  | 'slow-start'
  | 'answer-lost'
  | 'grant-throttled'
  | 'restart-takes-effect'
  | 'next-execution'
  | 'another-image'
  | 'pulling-now'
  | 'partly-recovered'
  | 'looking-again';

export type Decision =
  | ({ readonly do: 'grant'; readonly grant: Grant; readonly because: Cause } & Allowed)
  | ({
      readonly do: 'restart';
      readonly revision: string;
      readonly because: 'cause-is-gone' | 'role-should-work' | 'token-may-be-stale';
      /** Which retry it is, and why it is made now; histories of older versions do not say. */
      readonly retry?: Retry;
    } & Allowed)
  | ({
      /** The revision that Azure will make, by its whole name; the suffix is ours. */
      readonly do: 'new-revision';
      readonly revision: string;
      readonly suffix: string;
      readonly template: string;
      /** The revision that it stands in for; absent where Azure rejected the write, and in histories of older versions. */
      readonly instead?: string;
      readonly because: 'restart-refused' | 'write-rejected';
    } & Allowed)
  | {
      /** The execution that ended without its image, and in whose place another one is started. Only of a job that people start. */
      readonly do: 'start';
      readonly execution: string;
      readonly because: 'cause-is-gone' | 'role-should-work' | 'token-may-be-stale';
      /** Since when the cause reads as put right, or the role is assigned: an execution that was started later is of a person. */
      readonly sinceMs: number;
    }
  | {
      readonly do: 'wait';
      readonly because: WaitReason;
      /** The restart that it waits for, whichever remediation of the app made it. */
      readonly restart?: AnnouncedRestart;
      /** The question that stays open meanwhile, by its number. Where it is absent, the wait withdraws the open one. */
      readonly keepsQuestion?: number;
      /** When the schedule of the job starts the execution that is waited for, where that can be read. */
      readonly nextRunAtMs?: number;
    }
  | (Asked & {
      readonly do: 'ask';
      readonly cause: Cause;
      readonly because: 'needs-approval';
      readonly expiresAtMs: number;
    })
  | {
      readonly do: 'incident';
      readonly cause: Cause;
      readonly because: 'needs-a-person' | 'change-refused';
      /** The grant that pullmedic would have made if no guard had refused it. In mode `observe` people read it here. */
      readonly grant?: Grant;
    }
  | { readonly do: 'close'; readonly how: CloseHow; readonly because: CloseReason };

/** One retry of the ladder after a grant, or after a cause that was put right. */
export interface Retry {
  /** The rung that is due, from 1. */
  readonly rung: number;
  /** Restarts of the revision in this attempt, this one included, and the most that may be made. */
  readonly number: number;
  readonly most: number;
  /** When the role was assigned, or since when the cause reads as put right. */
  readonly sinceMs: number;
  /** How long after that instant the retry was decided. Milliseconds. */
  readonly afterMs: number;
  /** A restart since this instant counts for the rung. Milliseconds; histories of older versions do not say. */
  readonly countsFromMs?: number;
  /** How much later the platform would probably try by itself; absent where the log does not tell. Milliseconds. */
  readonly nextTryInMs?: number;
}

/** A person can answer a question while this decision stands: it asks one, or it keeps an earlier one open. */
export function asksAPerson(decision: Decision): boolean {
  return decision.do === 'ask' || (decision.do === 'wait' && decision.keepsQuestion !== undefined);
}

/** The look is only made again: something could not be read for a moment, or was too old. */
export function looksAgain(decision: Decision): boolean {
  return decision.do === 'wait' && decision.because === 'looking-again';
}

/** A question that was asked before stays open with this decision. */
export function leavesQuestionOpen(decision: Decision): boolean {
  return asksAPerson(decision) || looksAgain(decision);
}

/** A decision that changes something in Azure. */
export type Change = Extract<Decision, { readonly do: 'grant' | 'restart' | 'new-revision' | 'start' }>;
/** The question whose answer allows a change, where it needs one. Histories of older versions do not say. */
interface Allowed {
  readonly question?: number;
}

/** What to do about an undo that a person asked for. */
export type UndoDecision =
  | { readonly do: 'remove'; readonly grant: Grant }
  | { readonly do: 'refuse'; readonly refusals: readonly Refusal[] };

/** The rules of the decision, in the order in which they are asked. Stored: a name is never given to another rule. */
export const ruleNames = [
  'target-withdrawn',
  'recovery-proven',
  'revision-differs',
  'not-a-pull',
  'no-pull-trouble',
  'deployment-rejected',
  'partly-recovered',
  'cause-put-right',
  'registry-in-trouble',
  'could-not-read',
  'failure-is-over',
  'text-is-missing',
  'token-may-be-stale',
  'cause-in-doubt',
  'group-role-propagates',
  'own-role-propagates',
  'role-is-missing',
  'ask-a-person',
] as const;

export type RuleName = (typeof ruleNames)[number];

export interface Decided {
  readonly decision: Decision;
  /** When to look again. For a close: now. */
  readonly dueAtMs: number;
  readonly refusals: readonly Refusal[];
  /** The no of a person, or of a question without an answer, that binds this decision. */
  readonly bound?: BindingRefusal;
}
