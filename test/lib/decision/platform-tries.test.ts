// When the platform tries by itself, as far as a restart and the rows of its tries tell.
import { describe, expect, it } from 'vitest';
import { platformTries } from '../../../src/lib/decision/platform-tries.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import { nowMs, unauthorizedRow } from '../facts.ts';

const second = 1000;
const minute = 60 * second;
const pulls = (...agesMs: number[]): LogRow[] =>
  agesMs.map((age) => ({ ...unauthorizedRow, reason: 'PullingImage', atMs: nowMs - age }));
/** Seconds from now; before now where negative. */
function around(rows: readonly LogRow[], restartedAgoMs?: number): { last?: number; next?: number } {
  const { lastMs, nextMs } = platformTries(
    rows,
    restartedAgoMs === undefined ? undefined : nowMs - restartedAgoMs,
    nowMs,
  );
  return {
    ...(lastMs === undefined ? {} : { last: (lastMs - nowMs) / second }),
    ...(nextMs === undefined ? {} : { next: (nextMs - nowMs) / second }),
  };
}

describe('the tries of the platform', () => {
  it('are not known where nothing tells of one', () => {
    expect(around([])).toEqual({});
    expect(around([{ ...unauthorizedRow, atMs: nowMs - minute }])).toEqual({});
  });

  it('come after the next pause of the back-off, from the end of a pull that is refused within two seconds', () => {
    expect(around(pulls(30 * second, 8 * second))).toEqual({ last: -8, next: 34 });
    expect(around(pulls(60 * second, 18 * second))).toEqual({ last: -18, next: 64 });
  });

  it('come after the nearest pause, because rows round their times', () => {
    expect(around(pulls(31 * second, 8 * second))).toEqual({ last: -8, next: 34 });
    expect(around(pulls(27 * second, 8 * second))).toEqual({ last: -8, next: 34 });
  });

  it('come after ten seconds at least and five minutes at most', () => {
    expect(around(pulls(5 * second))).toEqual({ last: -5, next: 7 });
    expect(around(pulls(400 * second, second))).toEqual({ last: -1, next: 301 });
  });

  it('are worked out up to now where the rows are late', () => {
    // Tries 202 and 160 seconds ago; the next one after 80, 78 seconds ago, and the one after it after 160.
    expect(around(pulls(202 * second, 160 * second))).toEqual({ last: -78, next: 84 });
  });

  it('that are due at this very moment count as made', () => {
    expect(around(pulls(12 * second))).toEqual({ last: 0, next: 22 });
    expect(around([], second)).toEqual({ last: 0, next: 12 });
  });

  it('count rows of the same second, and of another replica, as no pause', () => {
    expect(around(pulls(62 * second, 20_500, 20 * second))).toEqual({ last: -20, next: 62 });
    expect(around(pulls(62 * second, 21 * second, 20 * second))).toEqual({ last: -20, next: 62 });
    const others = [...pulls(60 * second).map((row) => ({ ...row, replica: 'another' })), ...pulls(5 * second)];
    expect(around(others)).toEqual({ last: -5, next: 7 });
  });
});

describe('a restart', () => {
  it('begins the back-off anew: tries after 1, 13, 35, 77, 159 and 321 seconds', () => {
    expect(around([], 0.5 * second)).toEqual({ next: 0.5 });
    expect(around([], 20 * second)).toEqual({ last: -7, next: 15 });
    expect(around([], 100 * second)).toEqual({ last: -23, next: 59 });
    expect(around([], 200 * second)).toEqual({ last: -41, next: 121 });
  });

  it('is told by the row of the same instant where there is one', () => {
    expect(around(pulls(92 * second, 50 * second), 50 * second)).toEqual({ last: -50, next: 32 });
  });

  it('counts more than rows of before it, and less than rows of after it', () => {
    expect(around(pulls(300 * second, 100 * second), 50 * second)).toEqual({ last: -15, next: 27 });
    expect(around(pulls(45 * second, 30 * second), 50 * second)).toEqual({ last: -8, next: 34 });
  });
});
