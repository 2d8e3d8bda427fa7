// The model of the platform in the benchmark: its back-off, what a restart does, and what is counted.
import { describe, expect, it } from 'vitest';
import { oracleMs, Platform } from '../../../bench/recovery/platform.ts';

const second = 1000;
const minute = 60 * second;
const draw = { seed: 1, alertMs: 5 * minute, propagationMs: 2 * minute, pullMs: 40 * second };

function beginnings(platform: Platform, untilMs: number): number[] {
  const all: number[] = [];
  for (let next = platform.nextTryMs(); next !== undefined && next <= untilMs; next = platform.nextTryMs()) {
    all.push(next / second);
    platform.advance(next);
  }
  return all;
}

describe('the platform without the role', () => {
  it('tries again after 10, 20, 40, 80, 160 and then each 300 seconds, from the end of the failed try', () => {
    expect(beginnings(new Platform(draw), 20 * minute)).toEqual([1, 13, 35, 77, 159, 321, 623, 925]);
  });

  it('begins its back-off anew after a restart', () => {
    const platform = new Platform(draw);
    platform.restart(200 * second);

    expect(beginnings(platform, 5 * minute)).toEqual([201, 213, 235, 277]);
    expect(platform.restarts).toBe(1);
  });

  it('gives up ten minutes after the replica was created, and tries again after a restart', () => {
    const platform = new Platform({ ...draw, givesUpAfterMs: 10 * minute });

    expect(beginnings(platform, 60 * minute).at(-1)).toBe(321);
    platform.restart(30 * minute);
    expect(platform.nextTryMs()).toBe(30 * minute + second);
  });
});

describe('the platform once the role works', () => {
  it('pulls with the next try, and its replica is ready a little later', () => {
    const platform = new Platform(draw);
    platform.roleWorksAt(100 * second);
    platform.advance(170 * second);
    expect([platform.replica().state, platform.pulledMs()]).toEqual(['pulling', undefined]);

    platform.advance(200 * second);
    expect([platform.replica().state, platform.pulledMs()]).toEqual(['starting', 199 * second]);
    platform.advance(204 * second);
    expect(platform.replica().state).toBe('ready');
  });

  it('fails a try that began a moment before', () => {
    const platform = new Platform(draw);
    platform.roleWorksAt(160 * second);
    platform.advance(200 * second);

    expect(platform.replica().state).toBe('waiting');
  });

  it('counts a good pull that a restart throws away, and a restart of what serves', () => {
    const platform = new Platform(draw);
    platform.roleWorksAt(100 * second);
    platform.restart(170 * second);
    expect([platform.interrupted, platform.servingRestarted]).toEqual([1, 0]);
    expect(platform.interruptedAfterMs).toHaveLength(1);

    platform.restart(300 * second);
    expect([platform.interrupted, platform.servingRestarted]).toEqual([1, 1]);
  });

  it('counts no good pull where the try that a restart ends would have failed', () => {
    const platform = new Platform(draw);
    platform.roleWorksAt(10 * minute);
    platform.restart(14 * second);

    expect(platform.interrupted).toBe(0);
  });
});

describe('a platform with other habits', () => {
  it('tries again by the gaps of the draw, and its rows come as late as the draw says', () => {
    const platform = new Platform({ ...draw, backoffMs: [30 * second, 90 * second], rowLateMs: 0 });
    platform.advance(200 * second);

    const begun = platform.rows().filter(({ reason }) => reason === 'PullingImage');
    expect(begun.map(({ atMs }) => atMs)).toEqual([1, 33, 125].map((seconds) => seconds * second));
  });
});

describe('the rows of the system log', () => {
  it('can be read 56 to 94 seconds after they were written', () => {
    const platform = new Platform(draw);
    platform.advance(56 * second);
    expect(platform.rows()).toEqual([]);

    platform.advance(98 * second);
    expect(platform.rows().map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['PullingImage', 'ImagePullUnauthorized']),
    );
  });

  it('name the pull', () => {
    const platform = new Platform(draw);
    platform.roleWorksAt(0);
    platform.advance(5 * minute);

    expect(platform.rows()).toEqual([
      { atMs: second, replica: 'replica-1', reason: 'PullingImage' },
      { atMs: 41 * second, replica: 'replica-1', reason: 'PulledImage' },
    ]);
  });

  it('do not tell how a try ended whose replica was replaced', () => {
    const platform = new Platform(draw);
    platform.roleWorksAt(0);
    platform.restart(20 * second);
    platform.advance(10 * minute);

    expect(platform.rows().filter(({ replica }) => replica === 'replica-1')).toEqual([
      { atMs: second, replica: 'replica-1', reason: 'PullingImage' },
    ]);
  });
});

describe('the oracle', () => {
  it('restarts when the role takes effect: a second later the pull begins', () => {
    expect(oracleMs(draw)).toBe((120 + 1 + 40) * second);
  });
});
