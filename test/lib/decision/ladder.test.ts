// The ladder of retries: when a rung is due, what it hangs on, and which restart counts for it.
import { describe, expect, it } from 'vitest';
import {
  countsFromMs,
  fixedRungs,
  hadRung,
  ladderFrom,
  ladderStateOf,
  mostRungs,
} from '../../../src/lib/decision/ladder.ts';
import type { AnnouncedRestart } from '../../../src/lib/history/restarts.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { nowMs, revision } from '../facts.ts';

const second = 1000;
const remediation = `t${'9'.repeat(24)}.1` as RemediationId;

function restartAt(afterSeconds: number, rung?: number): AnnouncedRestart {
  const atMs = nowMs + afterSeconds * second;
  return { revision: revision.name, by: 'restart', remediation, atMs, ...(rung === undefined ? {} : { rung }) };
}

/** A ladder that begins now. `ownTries`: seconds from now. */
const ladder = (ownTries: readonly number[] = []) =>
  ladderFrom(
    nowMs,
    ownTries.map((own) => nowMs + own * second),
  );

/** The seconds at which rungs are due. */
const timesOf = (ownTries?: readonly number[]): number[] =>
  ladder(ownTries).timesMs.map((time) => (time - nowMs) / second);

/** Tries that the platform makes every 302 seconds, the first of them after so many. */
const everyFiveMinutes = (first: number): number[] => Array.from({ length: 13 }, (_, at) => first + 302 * at);

function stateAt(afterSeconds: number, restarts: AnnouncedRestart[] = []): string {
  const reached = ladderStateOf(ladder(), restarts, nowMs + afterSeconds * second);
  return reached.state === 'early' ? 'early' : `${reached.state} ${reached.rung}`;
}

describe('the rungs', () => {
  it('are fixed where the tries of the platform are not known', () => {
    expect(timesOf()).toEqual([32, 95, 200, 400, 680, 1080, 1380, 1680]);
    expect(timesOf()).toHaveLength(mostRungs);
  });

  it('hang on the tries that the platform would make by itself, and the first two are fixed', () => {
    expect(timesOf(everyFiveMinutes(150))).toEqual([32, 95, 158, 421, 612, 1037, 1339, 1641]);
    expect(timesOf(everyFiveMinutes(150)).slice(0, 2)).toEqual(fixedRungs.slice(0, 2).map((time) => time / second));
  });

  it('never wait longer than the third one may, however late the next try of the platform is', () => {
    expect(timesOf(everyFiveMinutes(100))).toEqual([32, 95, 375, 673, 864, 1289, 1591, 1893]);
  });

  it('hang on a try from the very instant at which that is far enough from the rung before', () => {
    expect(timesOf([105])[2]).toBe(113);
    expect(timesOf([104])[2]).toBe(200);
    expect([timesOf([150, 242])[3], timesOf([150, 241])[3]]).toEqual([211, 400]);
    expect([timesOf([150, 242, 541])[4], timesOf([150, 242, 540])[4]]).toEqual([399, 680]);
    expect([timesOf([150, 242, 541, 576])[5], timesOf([150, 242, 541, 575])[5]]).toEqual([557, 1080]);
  });

  it('lie a minute after the one before at least where they are fixed', () => {
    expect(timesOf([400]).slice(2)).toEqual([375, 435, 680, 1080, 1380, 1680]);
  });

  it('go on as fixed ones where the known tries end', () => {
    expect(timesOf([150]).slice(2)).toEqual([158, 400, 680, 1080, 1380, 1680]);
    expect(timesOf([150, 452, 754, 1056]).slice(5)).toEqual([1037, 1380, 1680]);
  });

  it('lie apart, whenever the platform tries', () => {
    for (let first = 0; first < 302; first += 1) {
      const times = timesOf(everyFiveMinutes(first));
      const apart = times.slice(1).map((time, at) => time - (times[at] ?? 0));

      expect(Math.min(...apart)).toBeGreaterThanOrEqual(18);
    }
  });

  it('are due at their time and not before; one that was missed is not made up for', () => {
    expect([31, 32, 94, 95, 5000].map((at) => stateAt(at))).toEqual(['early', 'due 1', 'due 1', 'due 2', 'due 8']);
  });
});

describe('with the rungs that hang on its tries, no run', () => {
  /** When a replica tries after it was started. */
  const afterStart = [1, 13, 35, 77, 159, ...everyFiveMinutes(321)];

  /** All tries of a ladder whose first six rungs had their restart so many seconds late. */
  function triesWith(own: readonly number[], lateSeconds: number): number[] {
    const restarts = timesOf(own)
      .slice(0, 6)
      .map((time) => time + lateSeconds);
    const before = own.filter((at) => at < (restarts[0] ?? 0));
    return restarts.reduce(
      (tries, restart) => [...tries.filter((at) => at < restart), ...afterStart.map((at) => restart + at)],
      before,
    );
  }

  it('is more than half a minute slower than the platform alone, whenever the role works', () => {
    for (let granted = 180; granted <= 482; granted += 1)
      for (const late of [1, 4, 8]) {
        const own = afterStart.map((at) => at - granted).filter((at) => at > 0);
        const ours = triesWith(own, late);
        // The platform alone is ahead by most where the role works right before one of its tries.
        const slower = own.filter((at) => at < 3000).map((at) => (ours.find((our) => our >= at) ?? Infinity) - at);

        expect(Math.max(...slower)).toBeLessThanOrEqual(30);
      }
  });
});

describe('a rung', () => {
  it('is served by one restart after its time, by whichever remediation', () => {
    expect(stateAt(60, [restartAt(32)])).toBe('restarted 1');
    expect(stateAt(60, [restartAt(15)])).toBe('due 1');
    expect(stateAt(96, [restartAt(41, 1)])).toBe('due 2');
  });

  it('is served by a restart that came late, nearer to it than to the rung before', () => {
    expect(stateAt(95, [restartAt(63.5, 1)])).toBe('restarted 2');
    expect(stateAt(95, [restartAt(63, 1)])).toBe('due 2');
  });

  it('is served by the restart of a remediation that saw the cause go a little earlier', () => {
    expect(stateAt(40, [restartAt(-100, 1)])).toBe('restarted 1');
    expect(stateAt(40, [restartAt(-120, 1)])).toBe('restarted 1');
    expect(stateAt(40, [restartAt(-121, 1)])).toBe('due 1');
  });

  it('is not served by a restart of an older version just before it, which names no rung', () => {
    expect(stateAt(40, [restartAt(-100)])).toBe('due 1');
  });
});

describe('a retry that two remediations decide at the same moment', () => {
  const retry = { rung: 2, number: 2, most: 6, sinceMs: nowMs, afterMs: 95 * second };

  it('is made by one of them', () => {
    const now = { ...retry, countsFromMs: countsFromMs(ladder(), 2) };

    expect(hadRung(now, [restartAt(96, 2)])).toBe(true);
    expect(hadRung(now, [restartAt(64)])).toBe(true);
    expect(hadRung(now, [restartAt(41, 1)])).toBe(false);
    expect(hadRung(now, [])).toBe(false);
  });

  it('of an older version is told by the rung alone', () => {
    expect(hadRung(retry, [restartAt(96, 2)])).toBe(true);
    expect(hadRung(retry, [restartAt(96)])).toBe(false);
  });

  it('before the first rung is told by any restart since the ladder began', () => {
    const early = { ...retry, rung: 0, countsFromMs: countsFromMs(ladder(), 0) };

    expect(hadRung(early, [restartAt(1)])).toBe(true);
    expect(hadRung(early, [])).toBe(false);
  });
});
