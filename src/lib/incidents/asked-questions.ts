// Which questions of an incident a system knows. The list stands in the row of the outbox, which has an upper limit, so it forgets what
// ended.

import type { NotedQuestion } from './incident.ts';
import { type Call, type OutboxRow, questionKey } from './outbox.ts';

/** The most open questions of one incident that a system is told of at a time. The others stand in the text of the incident. */
const mostOpen = 100;
/** The most questions that ended and are still remembered. */
const mostEnded = 10;

/** What the system knows after this call took effect. `questions`: those of the incident. */
export function askedAfter(
  asked: OutboxRow['asked'],
  call: Call,
  questions: readonly NotedQuestion[],
): OutboxRow['asked'] {
  if (call.do === 'open' || call.do === 'reopen' || call.do === 'resolve') return {};
  const told = 'question' in call ? [[call.question, call.stage] as const] : [];
  const others = Object.entries(asked).filter(([key]) => key !== told[0]?.[0]);
  const all = [...others, ...told];
  const isOpen = openIn(questions);
  const ended = all.filter((one) => !isOpen(one)).slice(-mostEnded);
  return Object.fromEntries([...ended, ...all.filter(isOpen).slice(-mostOpen)]);
}

/** True if the system can be told of one more open question. */
export function hasRoom(asked: OutboxRow['asked'], questions: readonly NotedQuestion[]): boolean {
  return Object.entries(asked).filter(openIn(questions)).length < mostOpen;
}

/** Tells the questions of whose end the system has to hear. One that another question about the same app replaced is not among them. */
function openIn(questions: readonly NotedQuestion[]): (entry: readonly [string, string]) => boolean {
  const keys = new Set(questions.map(questionKey));
  return ([key, stage]) => (stage === 'asked' || stage === 'reminded') && keys.has(key);
}
