// Which call of a system comes next for a remediation. It follows from what the system was told and from how the remediation reads now. So
// what opened, asked and ended before the system could be told is told once, as ended, and no message comes after a later one.

import type { Remediation } from '../history/state.ts';
import type { NextCall } from './next-call.ts';
import { type Begun, type Call, type OutboxRow, questionKey } from './outbox.ts';
import { openQuestion } from './remediation-facts.ts';

export function nextRemediationCall(row: OutboxRow, remediation: Remediation, nowMs: number): NextCall {
  const call = newsOf(row, remediation, nowMs);
  // A call without an answer is made again as it was, unless its news is old by now.
  if (row.begun !== undefined && (row.begun.receipt !== undefined || isNews(row.begun, call)))
    return { kind: 'call', call: row.begun.call };
  return call === undefined ? { kind: 'rest' } : { kind: 'call', call };
}

function newsOf({ state, asked }: OutboxRow, remediation: Remediation, nowMs: number): Call | undefined {
  if (state === 'resolved') return undefined;
  if (remediation.closed !== undefined) return { do: 'resolve' };
  if (state === 'new') return { do: 'open' };
  const question = openQuestion(remediation, nowMs);
  if (question === undefined || asked[questionKey(question)] !== undefined) return undefined;
  return { do: 'ask', question: questionKey(question), stage: 'asked' };
}

function isNews({ call: before }: Begun, call: Call | undefined): boolean {
  return (
    before.do === call?.do && (!('question' in before) || ('question' in call && before.question === call.question))
  );
}
