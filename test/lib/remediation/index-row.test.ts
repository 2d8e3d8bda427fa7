// The row by which lists show a remediation and the schedule finds it.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { dueAtMsOf, rowOf } from '../../../src/lib/remediation/index-row.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { acrPull, appId, history, minute, nowMs, principal, registryId, targetId } from '../facts.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const first = remediationIdOf(targetId, 1);
const dueAtMs = nowMs + 5 * minute;
const waiting: Entry = {
  kind: 'decided',
  decision: { do: 'wait', because: 'no-text-yet' },
  dueAtMs,
  refusals: [],
};
const incident: Entry = { ...waiting, decision: { do: 'incident', cause: 'tag-missing', because: 'needs-a-person' } };
const closed: Entry = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' };
const asleep: Entry = { kind: 'closed', how: 'unproven', because: 'no-replica-asked-to-start' };
const undoAsked: Entry = { kind: 'undo-asked', remediation: first, grant, assignment: 'x', by: 'Ada' };
const undone: Entry = { kind: 'undo-outcome', remediation: first, outcome: 'removed' };

function after(...entries: Entry[]): Remediation {
  const [remediation] = history(...entries).remediations;
  if (remediation === undefined) throw new Error('A history begins with its opening.');
  return remediation;
}

const row = (...entries: Entry[]) => rowOf(after(...entries), 9, nowMs);

describe('the row of a remediation', () => {
  it('names it, its app, and the entry up to which it was derived', () => {
    expect(row(waiting)).toMatchObject({ remediation: first, targetId, appId, seq: 9, closed: false, asks: false });
  });

  it('says whether a person is needed, as long as it goes on', () => {
    expect([row(waiting), row(incident), row(incident, closed)].map(({ needsPerson }) => needsPerson)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('marks what slept when it ended, to be looked at when it wakes', () => {
    expect([row(asleep).asleep, row(closed).asleep]).toEqual([true, false]);
  });

  it('is open again while a grant is taken back, however long ago the remediation ended', () => {
    expect([row(closed), row(closed, undoAsked), row(closed, undoAsked, undone)].map((one) => one.closed)).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('a remediation is due', () => {
  it('when its decision says, at once where it has none, and later where its look was put off', () => {
    const off: Entry = { kind: 'put-off', because: 'over-budget', dueAtMs: nowMs + 9 * minute };

    expect(dueAtMsOf(after(waiting))).toBe(dueAtMs);
    expect(dueAtMsOf(after())).toBeLessThanOrEqual(nowMs);
    expect(dueAtMsOf(after(waiting, off))).toBe(nowMs + 9 * minute);
  });

  it('for its undo at once, and for its own next look if that comes earlier', () => {
    const decided: Entry = { kind: 'undo-decided', remediation: first, refusals: [] };

    expect(row(waiting, undoAsked).dueAtMs).toBe(nowMs);
    expect(row(waiting, closed, undoAsked, decided).dueAtMs).toBeGreaterThan(nowMs);
    expect(row({ ...waiting, dueAtMs: nowMs - minute } as Entry, undoAsked, decided).dueAtMs).toBe(nowMs - minute);
  });
});
