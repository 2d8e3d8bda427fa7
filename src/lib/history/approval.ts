// A question to a person about one change, and the answer: what was asked, what was shown, and how long each holds.

import type { Cause } from '../causes/causes.ts';
import { type Asked, sameAsked } from './asked.ts';
import type { Decision } from './decision.ts';
import type { Answer } from './entries.ts';
import type { Refusal } from './refusals.ts';

/** A question that is open, was answered, or expired. One that pullmedic withdrew before an answer is kept in the history alone. */
export interface Approval<About extends Asked = Asked> {
  /** The number of the entry that asked. Answers name the question by it. */
  readonly question: number;
  readonly about: About;
  readonly cause: Cause;
  /** The refusals that the question named: an answer overrules these and no others. */
  readonly doubts: readonly Refusal[];
  readonly askedAtMs: number;
  /** Until when it can be answered. */
  readonly expiresAtMs: number;
  readonly answer?: { readonly answer: Answer; readonly by: string; readonly atMs: number };
  /** It expired without an answer, and a new signal or a person lets it be asked again. */
  readonly askableAgain?: true;
  /** When the last change was decided that the answer allows: one change, or as many restarts as the question names. */
  readonly usedAtMs?: number;
  /** Restarts that were decided on the answer so far, while it allows more. */
  readonly uses?: number;
}

/** A question as a decision would ask it. */
export type Wanted = Pick<Approval, 'about' | 'cause' | 'doubts'>;

/** How long an approval allows its change. It is meant for what was shown, and that grows old. Milliseconds. */
export const approvalLastsMs = 15 * 60_000;

/** True if a person can answer it now. */
export function isOpen({ answer, expiresAtMs }: Approval, nowMs: number): boolean {
  return answer === undefined && nowMs < expiresAtMs;
}

/** True if a person said yes, the yes has not been used up, and it has not ended. */
export function isLive({ answer, usedAtMs }: Approval, nowMs: number): boolean {
  return answer?.answer === 'approved' && usedAtMs === undefined && nowMs < answer.atMs + approvalLastsMs;
}

/** True if this answer takes back a yes that still allows a change: a no does, and nothing else. */
export function takesBack(approval: Approval, answer: Answer, nowMs: number): boolean {
  return answer === 'rejected' && isLive(approval, nowMs);
}

/** The approval after a change was decided on it. A yes to several restarts is used up by the last of them. */
export function usedOnce<About extends Asked>(approval: Approval<About>, atMs: number): Approval<About> {
  const { about, uses: before = 0, ...kept } = approval;
  const uses = before + 1;
  const allowed = 'restart' in about ? (about.upTo ?? 1) : 1;
  return { ...kept, about, ...(uses < allowed ? { uses } : { usedAtMs: atMs }) };
}

/** True if the question showed all of this: the same change, for the same cause, and every doubt. */
export function covers(approval: Approval, { about, cause, doubts }: Wanted): boolean {
  return (
    sameAsked(approval.about, about) &&
    approval.cause === cause &&
    doubts.every((doubt) => approval.doubts.some((shown) => isSameDoubt(shown, doubt)))
  );
}

/** A removal that the question did not show is another doubt, although its code is the same. */
function isSameDoubt(shown: Refusal, doubt: Refusal): boolean {
  return shown.guard === doubt.guard && shown.why === doubt.why && shown.removedAtMs === doubt.removedAtMs;
}

/** When the newest removal was that the question showed; 0 where it showed none, and in questions of older versions. Milliseconds. */
export function removalsShownUntilMs({ doubts }: Pick<Approval, 'doubts'>): number {
  return Math.max(0, ...doubts.map(({ removedAtMs = 0 }) => removedAtMs));
}

/** What a change is, as a question would name it. */
export function askedOfChange(change: Extract<Decision, { do: 'grant' | 'restart' | 'new-revision' }>): Asked {
  switch (change.do) {
    case 'grant':
      return { grant: change.grant };
    case 'restart':
      return { restart: change.revision };
    case 'new-revision':
      return { newRevision: change.template };
  }
}
