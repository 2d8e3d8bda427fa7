// When the platform tries by itself, as far as a restart and the rows of its tries tell.
import { describe, expect, it } from 'vitest';
import { platformTries, undisturbedTries } from '../../../src/lib/decision/platform-tries.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import { nowMs, unauthorizedRow } from '../facts.ts';

const second = 1000;
const minute = 60 * second;
const pulls = (...agesMs: number[]): LogRow[] =>
  agesMs.map((age) => ({ ...unauthorizedRow, reason: 'PullingImage', atMs: nowMs - age }));
/** Seconds from now. */
function around(rows: readonly LogRow[], restartedAgoMs?: number): { next?: number } {
  const { nextMs } = platformTries(rows, restartedAgoMs === undefined ? undefined : nowMs - restartedAgoMs, nowMs);
  return nextMs === undefined ? {} : { next: (nextMs - nowMs) / second };
}

describe('the tries of the platform', () => {
  it('are not known where nothing tells of one', () => {
    expect(around([])).toEqual({});
    expect(around([{ ...unauthorizedRow, atMs: nowMs - minute }])).toEqual({});
  });

  it('come after the next pause of the back-off, from the end of a pull that is refused within two seconds', () => {
    expect(around(pulls(30 * second, 8 * second))).toEqual({ next: 34 });
    expect(around(pulls(60 * second, 18 * second))).toEqual({ next: 64 });
  });

  it('come after the nearest pause, because rows round their times', () => {
    expect(around(pulls(31 * second, 8 * second))).toEqual({ next: 34 });
    expect(around(pulls(27 * second, 8 * second))).toEqual({ next: 34 });
  });

  it('come after ten seconds at least and five minutes at most', () => {
    expect(around(pulls(5 * second))).toEqual({ next: 7 });
    expect(around(pulls(400 * second, second))).toEqual({ next: 301 });
  });

  it('are worked out up to now where the rows are late', () => {
    // Tries 202 and 160 seconds ago; the next one after 80, 78 seconds ago, and the one after it after 160.
    expect(around(pulls(202 * second, 160 * second))).toEqual({ next: 84 });
  });

  it('that are due at this very moment count as made', () => {
    expect(around(pulls(12 * second))).toEqual({ next: 22 });
    expect(around([], second)).toEqual({ next: 12 });
  });

  it('count rows of the same second, and of another replica, as no pause', () => {
    expect(around(pulls(62 * second, 20_500, 20 * second))).toEqual({ next: 62 });
    expect(around(pulls(62 * second, 21 * second, 20 * second))).toEqual({ next: 62 });
    const others = [...pulls(60 * second).map((row) => ({ ...row, replica: 'another' })), ...pulls(5 * second)];
    expect(around(others)).toEqual({ next: 7 });
  });
});

describe('a restart', () => {
  it('begins the back-off anew: tries after 1, 13, 35, 77, 159 and 321 seconds', () => {
    expect(around([], 0.5 * second)).toEqual({ next: 0.5 });
    expect(around([], 20 * second)).toEqual({ next: 15 });
    expect(around([], 100 * second)).toEqual({ next: 59 });
    expect(around([], 200 * second)).toEqual({ next: 121 });
  });

  it('is told by the row of the same instant where there is one', () => {
    expect(around(pulls(92 * second, 50 * second), 50 * second)).toEqual({ next: 32 });
  });

  it('counts more than rows of before it, and less than rows of after it', () => {
    expect(around(pulls(300 * second, 100 * second), 50 * second)).toEqual({ next: 27 });
    expect(around(pulls(45 * second, 30 * second), 50 * second)).toEqual({ next: 34 });
  });
});

describe('the tries that the platform would make if nothing were restarted', () => {
  /** Seconds from now, for the next twenty minutes. */
  const undisturbed = (rows: readonly LogRow[], ...restartedAgo: number[]): number[] =>
    undisturbedTries(
      rows,
      restartedAgo.map((ago) => nowMs - ago * second),
      nowMs - 2 * minute,
      nowMs + 20 * minute,
    ).map((atMs) => (atMs - nowMs) / second);

  it('follow from the rows, and come every five minutes in the end', () => {
    expect(undisturbed(pulls(60 * second, 18 * second))).toEqual([-18, 64, 226, 528, 830, 1132]);
  });

  it('stay the same after a restart, whose own rows do not count', () => {
    const rows = [...pulls(60 * second, 18 * second), ...pulls(9 * second)];

    expect(undisturbed(rows, 10)).toEqual([-18, 64, 226, 528, 830, 1132]);
    expect(undisturbed(rows, 10, 5)).toEqual([-18, 64, 226, 528, 830, 1132]);
  });

  it('begin anew with a restart of before, and are those of its rows once there are some', () => {
    expect(undisturbed([], 300)).toEqual([21, 323, 625, 927]);
    expect(undisturbed(pulls(500 * second), 300)).toEqual([21, 323, 625, 927]);
    expect(undisturbed(pulls(297 * second, 285 * second), 300)).toEqual([23, 325, 627, 929]);
  });

  it('leave out a restart at the very beginning of that time, and its rows: it disturbs as a later one does', () => {
    const before = pulls(202 * second, 160 * second);

    expect(undisturbed([...before, ...pulls(60 * second)], 120)).toEqual([-78, 84, 386, 688, 990]);
    expect(undisturbed(before, 121)).toEqual([-120, -108, -86, -44, 38, 200, 502, 804, 1106]);
  });

  it('leave out a row of the same instant as the restart', () => {
    const rows = [...pulls(60 * second, 18 * second), ...pulls(10 * second)];

    expect(undisturbed(rows, 10)).toEqual([-18, 64, 226, 528, 830, 1132]);
  });

  it('are those from the first instant of that time to the last, and no others', () => {
    expect(undisturbed([], 121)[0]).toBe(-120);
    expect(undisturbed([], 122)[0]).toBe(-109);
    expect(undisturbed([], 329).at(-1)).toBe(1200);
    expect(undisturbed([], 328).at(-1)).toBe(899);
  });

  it('are not known where no row and no restart tells of one', () => {
    expect(undisturbed([])).toEqual([]);
    expect(undisturbed([], 10)).toEqual([]);
  });
});
