// The ladder of retries: when a rung is due, and what serves it.
import { describe, expect, it } from 'vitest';
import { hadRung, mostRungs, standingOf } from '../../../src/lib/decision/ladder.ts';
import type { AnnouncedRestart } from '../../../src/lib/history/restarts.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { nowMs, revision } from '../facts.ts';

const second = 1000;
const remediation = `t${'9'.repeat(24)}.1` as RemediationId;

function restartAt(afterSeconds: number, rung?: number): AnnouncedRestart {
  const atMs = nowMs + afterSeconds * second;
  return { revision: revision.name, by: 'restart', remediation, atMs, ...(rung === undefined ? {} : { rung }) };
}

function stateAt(
  afterSeconds: number,
  { restarts = [], lastTry }: { restarts?: AnnouncedRestart[]; lastTry?: number } = {},
): string {
  const tries = lastTry === undefined ? {} : { lastMs: nowMs + lastTry * second };
  const standing = standingOf(nowMs, restarts, tries, nowMs + afterSeconds * second);
  return standing.state === 'early' ? 'early' : `${standing.state} ${standing.rung}`;
}

/** The seconds at which rungs are due. */
function timesOfRungs(): number[] {
  const times: number[] = [];
  for (let at = 0; ; ) {
    const { nextMs } = standingOf(nowMs, [], {}, nowMs + at * second);
    if (nextMs === undefined) return times;
    at = (nextMs - nowMs) / second;
    times.push(at);
  }
}

describe('the rungs', () => {
  it('lie further and further apart, within the half hour in which a role can take effect', () => {
    const times = timesOfRungs();

    expect(times).toEqual([20, 80, 190, 400, 680, 1080, 1380, 1680]);
    expect(times).toHaveLength(mostRungs);
  });

  it('are due at their time and not before; one that was missed is not made up for', () => {
    expect([19, 20, 79, 80, 5000].map((at) => stateAt(at))).toEqual(['early', 'due 1', 'due 1', 'due 2', 'due 8']);
  });
});

describe('a rung', () => {
  it('is served by one restart after its time, by whichever remediation', () => {
    expect(stateAt(60, { restarts: [restartAt(20)] })).toBe('restarted 1');
    expect(stateAt(60, { restarts: [restartAt(9)] })).toBe('due 1');
    expect(stateAt(81, { restarts: [restartAt(41, 1)] })).toBe('due 2');
  });

  it('is served by a restart that came late, nearer to it than to the rung before', () => {
    expect(stateAt(80, { restarts: [restartAt(50, 1)] })).toBe('restarted 2');
    expect(stateAt(80, { restarts: [restartAt(49, 1)] })).toBe('due 2');
  });

  it('is served by the restart of a remediation that saw the cause go a little earlier', () => {
    expect(stateAt(40, { restarts: [restartAt(-100, 1)] })).toBe('restarted 1');
    expect(stateAt(40, { restarts: [restartAt(-120, 1)] })).toBe('restarted 1');
    expect(stateAt(40, { restarts: [restartAt(-121, 1)] })).toBe('due 1');
  });

  it('is not served by a restart of an older version just before it, which names no rung', () => {
    expect(stateAt(40, { restarts: [restartAt(-100)] })).toBe('due 1');
  });

  it('is left out where the platform has tried since it was due, and not where it tried before', () => {
    expect(stateAt(60, { lastTry: 20 })).toBe('tried 1');
    expect(stateAt(60, { lastTry: 19 })).toBe('due 1');
  });
});

describe('a retry that two remediations decide at the same moment', () => {
  const retry = { rung: 2, number: 2, most: 6, sinceMs: nowMs, afterMs: 80 * second };

  it('is made by one of them', () => {
    expect(hadRung(retry, [restartAt(81, 2)])).toBe(true);
    expect(hadRung(retry, [restartAt(41, 1)])).toBe(false);
    expect(hadRung(retry, [])).toBe(false);
  });
});
