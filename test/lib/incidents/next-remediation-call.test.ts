// Which message about a remediation comes next: opened, asks, closed, and never one that a later one has overtaken.
import { describe, expect, it } from 'vitest';
import { nextRemediationCall } from '../../../src/lib/incidents/next-remediation-call.ts';
import { type Begun, newRow, type OutboxState } from '../../../src/lib/incidents/outbox.ts';
import { nowMs } from '../facts.ts';
import { ended, found, question, remediation } from './remediation-data.ts';

const asking = { ...found, retryApproval: question };
const key = `${found.id}-4`;
const ask = { do: 'ask', question: key, stage: 'asked' } as const;
const next = (row: Partial<OutboxState>, of = found) =>
  nextRemediationCall({ ...newRow(remediation.id, 'topic'), ...row }, of, nowMs);
const begun = (call: Begun['call'], more: Partial<Begun> = {}): Begun => ({
  call,
  delivery: 'd',
  seq: 1,
  atMs: nowMs,
  leaseUntilMs: nowMs,
  holder: 'h',
  again: true,
  ...more,
});

describe('what comes next', () => {
  it('is the opening, then the question, then nothing before the end', () => {
    expect(next({})).toEqual({ kind: 'call', call: { do: 'open' } });
    expect(next({}, asking)).toEqual({ kind: 'call', call: { do: 'open' } });
    expect(next({ state: 'open' }, asking)).toEqual({ kind: 'call', call: ask });
    expect(next({ state: 'open', asked: { [key]: 'asked' } }, asking)).toEqual({ kind: 'rest' });
    expect(next({ state: 'open' })).toEqual({ kind: 'rest' });
  });

  it('is the end alone, whatever was not told before it', () => {
    const closed = { ...asking, closed: ended };
    for (const state of ['new', 'open'] as const)
      expect(next({ state }, closed)).toEqual({ kind: 'call', call: { do: 'resolve' } });
    expect(next({ state: 'resolved' }, closed)).toEqual({ kind: 'rest' });
  });
});

describe('a call without an answer', () => {
  it('is made again while its news is still news', () => {
    expect(next({ begun: begun({ do: 'open' }) })).toEqual({ kind: 'call', call: { do: 'open' } });
    expect(next({ state: 'open', begun: begun(ask) }, asking)).toEqual({ kind: 'call', call: ask });
  });

  it('is not made again once it is old', () => {
    const closed = { ...asking, closed: ended };
    const other = { ...ask, question: `${found.id}-9` };
    expect(next({ begun: begun({ do: 'open' }) }, closed)).toEqual({ kind: 'call', call: { do: 'resolve' } });
    expect(next({ state: 'open', begun: begun(ask) })).toEqual({ kind: 'rest' });
    expect(next({ state: 'open', begun: begun(other) }, asking)).toEqual({ kind: 'call', call: ask });
  });

  it('that was taken in is asked for, however old it is', () => {
    const taken = begun({ do: 'open' }, { receipt: 'r' });
    expect(next({ begun: taken }, { ...found, closed: ended })).toEqual({ kind: 'call', call: { do: 'open' } });
  });
});
