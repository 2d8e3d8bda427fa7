// What may be done with the answer of a person: which changes it allows, when a person is asked, and when asked again.

import { covers, isLive, isOpen, type Wanted } from '../history/approval.ts';
import type { Decided } from '../history/decision.ts';
import { openQuestion, questionAbout } from '../history/fold-approval.ts';
import type { DecisionInput } from './decision-input.ts';
import { nextPersonCheck } from './schedule.ts';

const minute = 60_000;
/** How soon to look after a question has expired. Milliseconds. */
const afterExpiryMs = 20_000;

/**
 * How a change stands with the people who may allow it. `to-ask`: no question showed all of this, or its approval has ended or was used.
 * `pending`: the open question shows all of it. `rejected` and `expired` hold for the change, whatever was shown, since the answer or the
 * end of the question.
 */
export type Permission =
  | { readonly state: 'approved'; readonly question: number }
  | { readonly state: 'pending'; readonly openUntilMs: number }
  | { readonly state: 'to-ask'; readonly openUntilMs?: never }
  | { readonly state: 'rejected' | 'expired'; readonly sinceMs: number };

export function permissionFor({ remediation, nowMs }: DecisionInput, wanted: Wanted): Permission {
  const asked = questionAbout(remediation, wanted.about);
  if (asked === undefined) return { state: 'to-ask' };
  if (asked.answer?.answer === 'rejected') return { state: 'rejected', sinceMs: asked.answer.atMs };
  if (asked.answer === undefined && !isOpen(asked, nowMs))
    return asked.askableAgain ? { state: 'to-ask' } : { state: 'expired', sinceMs: asked.expiresAtMs };
  if (!covers(asked, wanted)) return { state: 'to-ask' };
  if (isLive(asked, nowMs)) return { state: 'approved', question: asked.question };
  return asked.answer === undefined ? { state: 'pending', openUntilMs: asked.expiresAtMs } : { state: 'to-ask' };
}

/** The wait, which does not withdraw the question that is open: what is waited for may leave it as it is. */
export function keepingQuestion({ remediation, nowMs }: DecisionInput, waiting: Decided): Decided {
  const open = openQuestion(remediation, nowMs);
  const { decision } = waiting;
  if (open === undefined || decision.do !== 'wait') return waiting;
  return { ...waiting, decision: { ...decision, keepsQuestion: open.question } };
}

/** Asks a person to allow this one change. Asking again for what the open question shows does not give more time. */
export function requestApproval(
  { remediation, nowMs, config }: DecisionInput,
  { about, cause, doubts }: Wanted,
  { openUntilMs = nowMs + config.settings.approvalMinutes * minute }: { readonly openUntilMs?: number },
): Decided {
  const since = remediation.waitingForPersonSinceMs ?? nowMs;
  const dueAtMs = Math.min(nextPersonCheck(since, nowMs), Math.max(openUntilMs, nowMs + afterExpiryMs));
  return {
    decision: { do: 'ask', ...about, cause, because: 'needs-approval', expiresAtMs: openUntilMs },
    dueAtMs,
    refusals: doubts,
  };
}
