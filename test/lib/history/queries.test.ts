// Questions to a history. What may have been made counts as made.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import {
  changesSince,
  entriesOf,
  isUndoing,
  liveOf,
  madeChanges,
  undoableGrant,
  undoingOf,
} from '../../../src/lib/history/queries.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { acrPull, history, nowMs, principal, registryId, signal, target, targetId } from '../facts.ts';

const grant: Grant = { registryId, principalId: principal, roleId: acrPull };
const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
const closed: Entry = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' };
const granting: Entry = {
  kind: 'decided',
  decision: { do: 'grant', grant, because: 'pull-role-missing' },
  dueAtMs: nowMs,
  refusals: [],
};
const granted: Entry = { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'its-assignment' };
const first = remediationIdOf(targetId, 1);
const asked: Entry = { kind: 'undo-asked', remediation: first, grant, assignment: 'its-assignment', by: 'Ada' };
const undone = (outcome: 'removed' | 'already-gone' | 'failed' | 'unknown'): Entry => ({
  kind: 'undo-outcome',
  remediation: first,
  outcome,
});

function firstOf(...entries: Entry[]): Remediation {
  const [remediation] = history(...entries).remediations;
  if (remediation === undefined) throw new Error('A history begins with its opening.');
  return remediation;
}

describe('the live remediation', () => {
  it('is the last one, until it is closed', () => {
    expect(liveOf(history())?.id).toBe(first);
    expect(liveOf(history(closed))).toBeUndefined();
    expect(liveOf(history(closed, opened))?.id).toBe(remediationIdOf(targetId, 2));
  });
});

describe('a change', () => {
  it.each([
    ['done', 1],
    ['already-there', 1],
    ['unknown', 1],
    ['failed', 0],
    ['withheld', 0],
  ] as const)('that is %s counts %i times', (outcome, times) => {
    const { attempts } = firstOf(granting, { kind: 'outcome', action: 'grant', outcome });

    expect(madeChanges(attempts, 'grant')).toHaveLength(times);
    expect(madeChanges(attempts, 'restart')).toEqual([]);
  });

  it('that has no outcome yet counts: its host may have died after it', () => {
    expect(madeChanges(firstOf(granting).attempts, 'grant')).toHaveLength(1);
  });

  it('of an earlier remediation of the target counts, as long as it is recent', () => {
    const again = history(granting, granted, closed, opened);
    const atMs = again.remediations[0]?.attempts[0]?.atMs ?? 0;

    expect(changesSince(again, 'grant', atMs)).toHaveLength(1);
    expect(changesSince(again, 'grant', atMs + 1)).toEqual([]);
  });
});

describe('a grant that can be taken back', () => {
  it('is one that this remediation made, with the assignment that it made', () => {
    expect(undoableGrant(firstOf(granting, granted))).toEqual({ grant, assignment: 'its-assignment' });
    expect(undoableGrant(firstOf(granting, granted, asked, undone('failed')))).toBeDefined();
  });

  it.each<[string, Entry[]]>([
    ['was not made', [granting]],
    ['was there before', [granting, { kind: 'outcome', action: 'grant', outcome: 'already-there' }]],
    ['may be of another hand', [granting, { kind: 'outcome', action: 'grant', outcome: 'done' }]],
    ['was removed', [granting, granted, asked, undone('removed')]],
    ['was gone already', [granting, granted, asked, undone('already-gone')]],
  ])('is not one that %s', (_, entries) => {
    expect(undoableGrant(firstOf(...entries))).toBeUndefined();
  });
});

describe('an undo', () => {
  const refused: Entry = {
    kind: 'undo-decided',
    remediation: first,
    refusals: [{ guard: 'kill-switch', why: 'on' }],
  };

  it.each<[string, Entry[], boolean]>([
    ['asked for', [asked], true],
    ['decided', [asked, { kind: 'undo-decided', remediation: first, refusals: [] }], true],
    ['without an answer of Azure', [asked, undone('unknown')], true],
    ['refused', [asked, refused], false],
    ['done', [asked, undone('removed')], false],
    ['failed', [asked, undone('failed')], false],
  ])('that is %s is under way: %s', (_, entries, expected) => {
    const past = history(granting, granted, closed, opened, ...entries);

    expect(past.remediations.map(isUndoing)).toEqual([expected, false]);
    expect(undoingOf(past)?.id).toBe(expected ? first : undefined);
  });
});

describe('the entries of a remediation', () => {
  it('are those between its opening and the next, and later ones that name it', () => {
    const entries = [opened, granting, closed, opened, asked].map((entry, at) => ({ seq: at + 1, atMs: at, entry }));
    const seqsOf = (ordinal: number): number[] => entriesOf(entries, targetId, ordinal).map(({ seq }) => seq);

    expect([seqsOf(1), seqsOf(2), seqsOf(3)]).toEqual([[1, 2, 3, 5], [4], []]);
  });
});
