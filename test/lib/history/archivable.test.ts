// Which entries may move to the archive.
import { describe, expect, it } from 'vitest';
import { archivableUpTo } from '../../../src/lib/history/archivable.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { closed, looked, opened } from '../console-entries.ts';

/** Entries at a minute's distance, the first one at 0. */
const upTo = (beforeMinutes: number, ...entries: readonly Entry[]): number =>
  archivableUpTo(
    entries.map((entry, at) => ({ seq: at + 1, atMs: at * 60_000, entry })),
    beforeMinutes * 60_000,
  );
const putOff: Entry = { kind: 'put-off', because: 'over-budget', dueAtMs: 0 };

describe('the entries that may move', () => {
  it('are those of remediations that ended before the instant', () => {
    expect(upTo(3, opened, looked, closed)).toBe(3);
    expect(upTo(3, opened, looked, closed, opened, closed)).toBe(3);
    expect(upTo(9, opened, looked, closed, opened, closed)).toBe(5);
  });

  it('are none of a remediation that ended at the instant, or goes on', () => {
    expect(upTo(2, opened, looked, closed)).toBe(0);
    expect(upTo(9, opened, looked, looked)).toBe(0);
    expect(upTo(9, opened, closed, opened, looked)).toBe(2);
  });

  it('are also those that came after an end and before the instant', () => {
    expect(upTo(9, opened, closed, putOff, putOff)).toBe(4);
    expect(upTo(3, opened, closed, putOff, putOff)).toBe(3);
  });

  it('are none of an empty history', () => {
    expect(upTo(9)).toBe(0);
  });
});
