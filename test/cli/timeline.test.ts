// The timeline at the terminal: looks that say the same again are one line; what was changed or answered never is.
import { describe, expect, it } from 'vitest';
import { timelineEntry, timelineLines } from '../../src/cli/timeline.ts';

const entry = (kind: string, atMs: number, says: string, withheld: readonly string[] = []) =>
  timelineEntry.parse({ kind, atMs, says, withheld });
const looked = (atMs: number) => entry('looked', atMs, 'Looked.');
const decided = (atMs: number) => entry('decided', atMs, 'Asks a person.', ['the mode is observe']);

describe('a timeline', () => {
  it('folds looks that say the same again', () => {
    const entries = [looked(0), decided(1000), looked(60_000), decided(61_000), looked(120_000), decided(121_000)];

    expect(timelineLines(entries, false)).toEqual([
      '1970-01-01 00:00:00  Looked.',
      '1970-01-01 00:00:01  Asks a person.',
      '1970-01-01 00:00:01  withheld, because the mode is observe',
      '1970-01-01 00:01:00  until 1970-01-01 00:02:01: 4 entries that say the same again',
    ]);
    expect(timelineLines(entries, true)).toHaveLength(9);
  });

  it('shows a look that says the same, but withholds for another reason', () => {
    const other = entry('decided', 2000, 'Asks a person.', ['the kill switch is on']);

    expect(timelineLines([decided(0), other], false)).toHaveLength(4);
  });

  it('shows the first look again after a change, and every change', () => {
    const granted = (atMs: number) => entry('outcome', atMs, 'Granted: done.');

    expect(timelineLines([looked(0), granted(1), looked(2), granted(3), granted(4)], false)).toHaveLength(5);
  });

  it('does not show a look again because a signal joined or an incident was linked', () => {
    const linked = entry('incident-linked', 1, 'Joined incident i1');

    expect(timelineLines([looked(0), linked, looked(2), looked(3)], false)).toEqual([
      '1970-01-01 00:00:00  Looked.',
      '1970-01-01 00:00:00  Joined incident i1',
      '1970-01-01 00:00:00  until 1970-01-01 00:00:00: 2 entries that say the same again',
    ]);
  });

  it('reads entries of an older version of the app', () => {
    expect(timelineLines([timelineEntry.parse({ atMs: 0, says: 'Opened.' })], false)).toEqual([
      '1970-01-01 00:00:00  Opened.',
    ]);
  });
});
