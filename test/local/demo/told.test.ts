// What may be said of a scenario where the machine was too slow for the clock.
import { describe, expect, it } from 'vitest';
import { painter } from '../../../local/demo/paint.ts';
import { summary } from '../../../local/demo/summary.ts';
import { failures, notJudged, shortly, shortlyAll, table } from '../../../local/demo/terminal.ts';
import { verdictOf } from '../../../local/demo/told.ts';
import { openedMs, recovered, roleMissing, told } from './told-facts.ts';

const noColour = painter({ isTTY: false }, {});
const failure = { what: 'ca-orders: causes', expected: 'a', seen: 'b' };

describe('the verdict on a scenario', () => {
  it.each([
    ['as-expected', { failures: [] }],
    ['as-expected', { failures: [], behindMs: 1000 }],
    ['not-as-expected', { failures: [failure] }],
    ['not-as-expected', { failures: [failure], behindMs: 0 }],
    ['not-judged', { failures: [failure], behindMs: 1 }],
  ])('is %s for %o', (verdict, seen) => {
    expect(verdictOf(seen)).toBe(verdict);
  });
});

describe('a scenario that the machine was too slow for', () => {
  const slow = told({ failures: [failure], behindMs: 90_000 });

  it('fails no expectation, and the terminal says in one sentence what to do', () => {
    expect(failures([slow], noColour)).toBe('');
    expect(summary([slow]).at(-1)).toEqual(['Expectations that failed', '0']);
    expect(table([slow], noColour)).toContain('not judged');
    expect(notJudged([slow, told({})], 60, noColour).replace(/\s+/g, ' ')).toMatch(
      /this machine fell behind the clock by 90 simulated seconds; run it with --speed 20, or without --real$/,
    );
  });
});

describe('a remediation in one sentence', () => {
  it('says once what was done several times, with how often', () => {
    const restart = { action: 'restart', outcome: 'done', atMs: 0 } as const;
    const grant = { ...restart, action: 'grant' } as const;

    expect(shortly(roleMissing({ actions: [grant, restart, restart] }))).toContain(
      ': granted the pull role, restarted 2 times',
    );
  });
});

describe('remediations that came to the same', () => {
  const after = (ms: number): ReturnType<typeof recovered> =>
    recovered({ times: { failedAtMs: openedMs, detectedAtMs: openedMs, recoveredAtMs: openedMs + ms } });

  it('are one sentence, with how many they are and the shortest and the longest time', () => {
    expect(shortlyAll([after(120_000), after(60_000), after(90_000)])).toMatch(
      /^[^/]*: granted the pull role, recovered after 1m00s to 2m00s \(3 remediations\)$/,
    );
  });

  it('stay apart from one that came to something else', () => {
    expect(shortlyAll([after(60_000), roleMissing({ incident: 'i1' })])).toMatch(
      /recovered after 1m00s \/ [^/]*: handed over$/,
    );
  });
});
