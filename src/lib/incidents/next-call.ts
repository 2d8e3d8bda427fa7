// Which call of a system comes next for an incident. It follows from what the system was told and from how the incident reads now, so a
// message that comes twice, late or in another order changes nothing.

import { hasRoom } from './asked-questions.ts';
import type { Incident, IncidentHistory, NotedQuestion } from './incident.ts';
import { type Begun, type Call, type OutboxRow, questionKey } from './outbox.ts';
import type { QuestionTelling } from './system.ts';

export type NextCall =
  | { readonly kind: 'call'; readonly call: Call }
  /** Nothing to tell before this instant; without one, before the next change. */
  | { readonly kind: 'rest'; readonly untilMs?: number };

/** Changes are told together: an update follows the call before it by at least this time, in milliseconds. */
export const updatePauseMs = 60_000;

/** The call that this row needs, by the history of its incident as it reads now. Where nothing was opened in the end, it needs none. */
export function nextCall(
  row: OutboxRow,
  { incident, lastSeq }: IncidentHistory,
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
  const question = questionToTell(row, incident, nowMs);
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

/**
 * True if a call without an answer is to be made again as it was. One that opens or ends something is. One that only tells something is
 * not, where its words are old by now; nor is a question whose time is over.
 */
export function isToRepeat({ call, seq, receipt }: Begun, incident: Incident, lastSeq: number, nowMs: number): boolean {
  const isTelling = call.do === 'update' || call.do === 'ask' || call.do === 'answered';
  if (receipt !== undefined || !isTelling) return true;
  if (lastSeq > seq) return false;
  return (
    call.do !== 'ask' || incident.questions.some((one) => questionKey(one) === call.question && isOpen(one, nowMs))
  );
}

function isOpen({ says, expiresAtMs }: NotedQuestion, nowMs: number): boolean {
  return says === 'asked' && nowMs < expiresAtMs;
}

function questionToTell({ asked }: OutboxRow, { questions }: Incident, nowMs: number): Call | undefined {
  const room = hasRoom(asked, questions);
  return questions.flatMap((one) => questionCall(asked, one, room, nowMs) ?? [])[0];
}

/**
 * The call that this question needs now. One that is over and of which the system has not heard is not announced any more. `room`: the
 * system can be told of another open question.
 */
function questionCall(
  asked: OutboxRow['asked'],
  question: NotedQuestion,
  room: boolean,
  nowMs: number,
): Call | undefined {
  const key = questionKey(question);
  const known = asked[key];
  const stage = stageOf(question, nowMs);
  if (known === stage || known === 'answered' || known === 'expired') return undefined;
  if (stage === 'answered' || stage === 'expired')
    return known === undefined ? undefined : { do: 'answered', question: key, stage };
  // How it ended is told once the incident notes it: an answer may have come in its last moment.
  if (!isOpen(question, nowMs) || (known === undefined && !room)) return undefined;
  // A question that is heard of late is announced once, not announced and called to mind in one go.
  return { do: 'ask', question: key, stage };
}

/** The stage that people should know by now: the question is called to mind once, when half of its time is over. Its end is noted. */
export function stageOf(question: NotedQuestion, nowMs: number): QuestionTelling['stage'] {
  if (question.says !== 'asked') return question.says;
  return nowMs >= halfTimeMs(question) ? 'reminded' : 'asked';
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
