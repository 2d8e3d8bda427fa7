import { describe, expect, it } from 'vitest';
import { newRow, noted, type OutboxRow, questionKey } from '../../../src/lib/incidents/outbox.ts';
import { minute, nowMs } from '../facts.ts';
import { incidentId, question } from './incident-data.ts';

const row = newRow(incidentId, 'pager');

describe('a change that is noted', () => {
  it('makes the row due and names the entry that is to come', () => {
    expect(noted(row, 3, nowMs)).toMatchObject({ dueAtMs: nowMs, awaits: { seq: 3, untilMs: nowMs + 10 * minute } });
  });

  it('never waits for an earlier entry than before', () => {
    expect(noted(noted(row, 5, nowMs), 3, nowMs).awaits?.seq).toBe(5);
  });

  it('gives a message that was refused for good another try', () => {
    const dead: OutboxRow = { ...row, dead: true, tries: 1 };
    expect(noted(dead, 3, nowMs)).toMatchObject({ dueAtMs: nowMs });
    expect(noted(dead, 3, nowMs).dead).toBeUndefined();
  });

  it('does not press a system that failed: the pause stays', () => {
    const waiting: OutboxRow = { ...row, tries: 2, dueAtMs: nowMs + 5 * minute };
    expect(noted(waiting, 3, nowMs).dueAtMs).toBe(nowMs + 5 * minute);
    expect(noted({ ...waiting, tries: 0 }, 3, nowMs).dueAtMs).toBe(nowMs);
  });
});

it('a question is named by its remediation and its number', () => {
  expect(questionKey(question)).toBe(`${question.remediation}-4`);
});
