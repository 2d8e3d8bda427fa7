// The answers that rules give: close, wait, grant, open an incident, ask for an approval. Each with the time of the next look.

import { type Cause, causeCatalogue } from '../causes/causes.ts';
import type { CloseHow, CloseReason } from '../history/closing.ts';
import type { Decided, WaitReason } from '../history/decision.ts';
import type { Grant } from '../history/grant.ts';
import type { Refusal } from '../history/refusals.ts';
import type { Fact } from '../words/fact.ts';
import type { DecisionInput } from './decision-input.ts';
import { isApprovable } from './grant-guards.ts';
import { nextPersonCheck } from './schedule.ts';

const minute = 60_000;
/** How soon to look after our own change. Milliseconds. */
export const soonMs = 20_000;
/** How long pullmedic waits for the proof after the cause is gone, or while the app serves. Milliseconds. */
export const clearedPatienceMs = 15 * minute;
/** How many times in a row pullmedic looks again before it asks a person about facts that it could not read. */
const mostAgain = 3;

export function close(nowMs: number, how: CloseHow, because: CloseReason): Decided {
  return { decision: { do: 'close', how, because }, dueAtMs: nowMs, refusals: [] };
}

export function wait(dueAtMs: number, because: WaitReason, refusals: readonly Refusal[] = []): Decided {
  return { decision: { do: 'wait', because }, dueAtMs, refusals };
}

/** `question`: the one whose answer allows the grant, where it needs one. */
export function grantNow(nowMs: number, grant: Grant, because: Cause, question?: number): Decided {
  const allowed = question === undefined ? {} : { question };
  return { decision: { do: 'grant', grant, because, ...allowed }, dueAtMs: nowMs + soonMs, refusals: [] };
}

/** Opens an incident, or keeps it open. `grant`: the grant that pullmedic would have made if no guard had refused it. */
export function openIncident(
  input: DecisionInput,
  cause: Cause,
  refusals: readonly Refusal[] = [],
  grant?: Grant,
): Decided {
  const since = input.remediation.waitingForPersonSinceMs ?? input.nowMs;
  const because = refusals.length > 0 ? 'change-refused' : 'needs-a-person';
  const decision = { do: 'incident', cause, because, ...(grant === undefined ? {} : { grant }) } as const;
  return { decision, dueAtMs: nextPersonCheck(since, input.nowMs), refusals };
}

/** True if a fact could not be read for a reason that passes, and pullmedic may still look again before it asks a person. */
export function mayLookAgain(input: DecisionInput): boolean {
  const { killSwitch, ledger, access, awakeSinceMs, undone } = input;
  return mayReadAgain(input, [killSwitch, ledger, access, awakeSinceMs, undone]);
}

/** The same for a restart or a new revision, which rests on other memories of the deployment than a grant. */
export function mayLookAgainForRetry(input: DecisionInput): boolean {
  const { killSwitch, restarts, refusedRestarts, beside } = input;
  return mayReadAgain(input, [killSwitch, restarts, refusedRestarts, beside]);
}

/** Looks again while a retry is refused for want of what could not be read for a moment; after that a person gets the incident. */
export function lookAgainOrHandOver(input: DecisionInput, cause: Cause, refusals: readonly Refusal[]): Decided {
  return mayLookAgainForRetry(input)
    ? wait(input.nowMs + minute, 'looking-again', refusals)
    : openIncident(input, cause, refusals);
}

function mayReadAgain({ remediation }: DecisionInput, needed: readonly Fact<unknown>[]): boolean {
  const transient = remediation.look.transientlyUnreadable || needed.some(({ read }) => !read);
  return transient && remediation.lookedAgain < mostAgain;
}

/** True if the only refusal is the age of the evidence. The look took too long, so it is made again, for a while. */
export function tookTooLong({ nowMs, remediation }: DecisionInput, refusals: readonly Refusal[]): boolean {
  const old = refusals.some((refusal) => refusal.guard === 'evidence-too-old');
  const only = old && refusals.every((refusal) => refusal.guard === 'evidence-too-old' || isApprovable(refusal));
  return only && nowMs - remediation.openedAtMs < clearedPatienceMs;
}

/** The proved cause; `undefined` if none is proved, or if there are several causes. */
export function provedCause({ diagnosis }: DecisionInput): Cause | undefined {
  const [cause = 'unexplained', ...others] = diagnosis.causes;
  return diagnosis.sure === 'confirmed' && others.length === 0 ? cause : undefined;
}

/**
 * The cause, if it is a young role of the identity's own and nothing else: it takes effect by itself, so it is waited for also where it is
 * only suspected.
 */
export function awaitedRole({ diagnosis }: DecisionInput): Cause | undefined {
  const [cause = 'unexplained', ...others] = diagnosis.causes;
  const young = causeCatalogue[cause].answer === 'wait-for-role' && diagnosis.roleOfGroup !== true;
  return young && others.length === 0 ? cause : undefined;
}
