import { describe, expect, it } from 'vitest';
import { isToRepeat, nextCall, stageOf, updatePauseMs } from '../../../src/lib/incidents/next-call.ts';
import { newRow, type OutboxRow, questionKey } from '../../../src/lib/incidents/outbox.ts';
import { minute, nowMs } from '../facts.ts';
import { closedIncident, incidentId, openIncident, question } from './incident-data.ts';

const fresh = newRow(incidentId, 'pager');
const known: OutboxRow = { ...fresh, state: 'open', opening: 1, toldSeq: 5, toldAtMs: nowMs - 10 * minute };
const ended: OutboxRow = { ...known, state: 'resolved', toldAtMs: nowMs - 10 * minute };
const hour = 60 * minute;

const call = (row: OutboxRow, incident = openIncident, seq = 5, atMs = nowMs, windowMs = hour) => {
  const next = nextCall(row, { incident, lastSeq: seq }, atMs, windowMs);
  return next.kind === 'call' ? next.call : next;
};

describe('the next call', () => {
  it('opens what is not open there', () => {
    expect(call(fresh)).toEqual({ do: 'open' });
  });

  it('opens nothing that has ended, or was never opened', () => {
    expect(call(fresh, closedIncident)).toEqual({ kind: 'rest' });
    expect(nextCall(fresh, { lastSeq: 0 }, nowMs, hour)).toEqual({ kind: 'rest' });
  });

  it('updates after a change, not before the pause is over', () => {
    expect(call(known)).toEqual({ kind: 'rest' });
    expect(call(known, openIncident, 6)).toEqual({ do: 'update' });
    const young = { ...known, toldAtMs: nowMs - updatePauseMs + 1 };
    expect(call(young, openIncident, 6)).toEqual({ kind: 'rest', untilMs: nowMs + 1 });
    expect(call(young, openIncident, 6, nowMs + 1)).toEqual({ do: 'update' });
  });

  it('resolves at once what has ended', () => {
    expect(call({ ...known, toldAtMs: nowMs }, closedIncident, 7)).toEqual({ do: 'resolve' });
    expect(call(ended, closedIncident, 7)).toEqual({ kind: 'rest' });
  });

  it('reopens within the window of the system, and opens anew after it', () => {
    const back = { ...openIncident, openedAtMs: (ended.toldAtMs ?? 0) + hour };
    expect(call(ended, back)).toEqual({ do: 'reopen' });
    expect(call(ended, { ...back, openedAtMs: back.openedAtMs + 1 })).toEqual({ do: 'open' });
    expect(call(ended, back, 5, nowMs, 0)).toEqual({ do: 'open' });
  });
});

describe('a question', () => {
  const asks = { ...openIncident, questions: [question] };
  const key = questionKey(question);
  const halfMs = nowMs + 120 * minute;
  const heard = { ...known, asked: { [key]: 'asked' } } as const;

  it('is announced at once, before an update', () => {
    expect(call({ ...known, toldAtMs: nowMs }, asks, 9)).toEqual({ do: 'ask', question: key, stage: 'asked' });
  });

  it('is called to mind once, at half time', () => {
    expect(call(heard, asks)).toEqual({ kind: 'rest', untilMs: halfMs });
    expect(call(heard, asks, 5, halfMs - 1)).toEqual({ kind: 'rest', untilMs: halfMs });
    expect(call(heard, asks, 5, halfMs)).toEqual({ do: 'ask', question: key, stage: 'reminded' });
    expect(call({ ...known, asked: { [key]: 'reminded' } }, asks, 5, halfMs)).toEqual({ kind: 'rest' });
  });

  it('is announced once where it is heard of late', () => {
    expect(call(known, asks, 5, halfMs)).toEqual({ do: 'ask', question: key, stage: 'reminded' });
  });

  it.each(['answered', 'expired'] as const)('is told once when it is %s', (says) => {
    const over = { ...openIncident, questions: [{ ...question, says }] };
    expect(call(heard, over)).toEqual({ do: 'answered', question: key, stage: says });
    expect(call({ ...known, asked: { [key]: says } }, over)).toEqual({ kind: 'rest' });
    expect(call(known, over)).toEqual({ kind: 'rest' });
  });

  it.each([
    ['is not known', {}],
    ['is known', { [key]: 'asked' }],
    ['was called to mind', { [key]: 'reminded' }],
  ] as const)('that %s is announced no more once its time is over', (_what, asked) => {
    const row: OutboxRow = { ...known, asked };
    expect(call(row, asks, 5, question.expiresAtMs)).toEqual({ kind: 'rest' });
    expect(call(row, asks, 6, question.expiresAtMs)).toEqual({ do: 'update' });
    expect(stageOf(question, question.expiresAtMs - 1)).toBe('reminded');
  });

  it('waits in the text of the incident while a hundred others are open', () => {
    const questions = Array.from({ length: 101 }, (_, at) => ({ ...question, question: at }));
    const many = { ...openIncident, questions };
    const [last, first] = [questions[100], questions[0]].map((one) => (one === undefined ? '' : questionKey(one)));
    const asked = Object.fromEntries(questions.slice(0, 100).map((one) => [questionKey(one), 'asked'] as const));
    expect(call({ ...known, asked }, many)).toEqual({ kind: 'rest', untilMs: halfMs });
    expect(call({ ...known, asked: { ...asked, [first ?? '']: 'expired' } }, many)).toMatchObject({ question: last });
  });

  it('of an older history is announced, and never called to mind', () => {
    const { askedAtMs: _at, ...old } = question;
    expect(stageOf(old, question.expiresAtMs - 1)).toBe('asked');
    expect(call(heard, { ...openIncident, questions: [old] })).toEqual({ kind: 'rest' });
  });
});

describe('a call without an answer', () => {
  const asks = { ...openIncident, questions: [question] };
  const ask = { do: 'ask', question: questionKey(question), stage: 'asked' } as const;
  const begun = { delivery: 'd', seq: 5, atMs: nowMs, leaseUntilMs: nowMs, holder: 'h', again: true };

  it.each([
    ['an opening, after a change', { do: 'open' }, 6, nowMs, true],
    ['an end, after a change', { do: 'resolve' }, 6, nowMs, true],
    ['an update', { do: 'update' }, 5, nowMs, true],
    ['an update, after a change', { do: 'update' }, 6, nowMs, false],
    ['a question', ask, 5, question.expiresAtMs - 1, true],
    ['a question, after a change', ask, 6, nowMs, false],
    ['a question whose time is over', ask, 5, question.expiresAtMs, false],
  ] as const)('is made again: %s', (_what, made, lastSeq, atMs, again) => {
    expect(isToRepeat({ ...begun, call: made }, asks, lastSeq, atMs)).toBe(again);
  });

  it('is asked for where the system took it in', () => {
    expect(isToRepeat({ ...begun, call: ask, receipt: 'r' }, asks, 6, question.expiresAtMs)).toBe(true);
  });
});
