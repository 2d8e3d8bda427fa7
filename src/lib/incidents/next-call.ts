// Which call of a system comes next for an incident. It follows from what the system was told and from how the incident reads now, so a
// message that comes twice, late or in another order changes nothing.

import type { Incident, NotedQuestion } from './incident.ts';
import { type Call, type OutboxRow, questionKey } from './outbox.ts';
import type { QuestionTelling } from './system.ts';

export type NextCall =
  | { readonly kind: 'call'; readonly call: Call }
  /** Nothing to tell before this instant; without one, before the next change. */
  | { readonly kind: 'rest'; readonly untilMs?: number };

/** Changes are told together: an update follows the call before it by at least this time, in milliseconds. */
export const updatePauseMs = 60_000;

/** `incident` is undefined where nothing was opened in the end. `lastSeq` is the number of its last entry. */
export function nextCall(
  row: OutboxRow,
  incident: Incident | undefined,
  lastSeq: number,
  nowMs: number,
  reopenWindowMs: number,
): NextCall {
  if (incident === undefined) return { kind: 'rest' };
  const isOpen = incident.closed === undefined;
  switch (row.state) {
    case 'new':
      return isOpen ? { kind: 'call', call: { do: 'open' } } : { kind: 'rest' };
    case 'resolved':
      if (!isOpen) return { kind: 'rest' };
      return {
        kind: 'call',
        call: { do: incident.openedAtMs - (row.toldAtMs ?? 0) <= reopenWindowMs ? 'reopen' : 'open' },
      };
    case 'open':
      return isOpen ? whileOpen(row, incident, lastSeq, nowMs) : { kind: 'call', call: { do: 'resolve' } };
  }
}

function whileOpen(row: OutboxRow, incident: Incident, lastSeq: number, nowMs: number): NextCall {
  const question = incident.questions.flatMap((one) => questionCall(row, one, nowMs) ?? [])[0];
  if (question !== undefined) return { kind: 'call', call: question };
  if (lastSeq <= row.toldSeq) return rest(reminders(row, incident, nowMs));
  const dueAtMs = (row.toldAtMs ?? 0) + updatePauseMs;
  return nowMs >= dueAtMs
    ? { kind: 'call', call: { do: 'update' } }
    : rest([dueAtMs, ...reminders(row, incident, nowMs)]);
}

function rest(instants: readonly number[]): NextCall {
  return instants.length === 0 ? { kind: 'rest' } : { kind: 'rest', untilMs: Math.min(...instants) };
}

/** The call that this question needs now. One that ended before the system heard of it is not announced any more. */
function questionCall({ asked }: OutboxRow, question: NotedQuestion, nowMs: number): Call | undefined {
  const key = questionKey(question);
  const known = asked[key];
  const stage = stageOf(question, nowMs);
  if (known === stage || known === 'answered' || known === 'expired') return undefined;
  if (stage === 'answered' || stage === 'expired')
    return known === undefined ? undefined : { do: 'answered', question: key, stage };
  // A question that is heard of late is announced once, not announced and called to mind in one go.
  return { do: 'ask', question: key, stage };
}

/** The stage that people should know by now: the question is called to mind once, when half of its time is over. */
export function stageOf(question: NotedQuestion, nowMs: number): QuestionTelling['stage'] {
  if (question.says !== 'asked') return question.says;
  return nowMs >= halfTimeMs(question) && nowMs < question.expiresAtMs ? 'reminded' : 'asked';
}

function halfTimeMs({ askedAtMs, expiresAtMs }: NotedQuestion): number {
  return askedAtMs === undefined ? Number.POSITIVE_INFINITY : (askedAtMs + expiresAtMs) / 2;
}

/** When the open questions of which only the announcement is known are to be called to mind. */
function reminders({ asked }: OutboxRow, { questions }: Incident, nowMs: number): number[] {
  return questions
    .filter((question) => question.says === 'asked' && asked[questionKey(question)] === 'asked')
    .map(halfTimeMs)
    .filter((atMs) => atMs > nowMs && Number.isFinite(atMs));
}
