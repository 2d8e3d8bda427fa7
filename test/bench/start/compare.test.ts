// The comparison of starts: medians of starts in turn, so that a busy minute of the machine slows all of them.
import { expect, it } from 'vitest';
import { compare, type Which } from '../../../bench/start/compare.ts';

it('starts the apps in turn, and takes medians of each and of the ratios of one turn', () => {
  const times: Record<Which, number[]> = { bare: [100, 90, 9000], app: [150, 8000, 140], source: [450, 700, 420] };
  const turns: string[] = [];
  const { starts, bareRatio, sourceRatio } = compare(3, (which) => {
    turns.push(which);
    const sinceStartMs = times[which].shift() ?? Number.NaN;
    return { sinceStartMs, loadMs: sinceStartMs - 50, answeredMs: sinceStartMs + 100 };
  });

  expect(turns).toEqual(['bare', 'app', 'source', 'bare', 'app', 'source', 'bare', 'app', 'source']);
  expect(starts.bare).toEqual({ sinceStartMs: 100, loadMs: 50, answeredMs: 200 });
  expect(starts.source).toEqual({ sinceStartMs: 450, loadMs: 400, answeredMs: 550 });
  expect(bareRatio.sinceStart).toEqual({ median: 1.5, least: 140 / 9000, most: 8000 / 90 });
  expect(bareRatio.worker.median).toBe((211 + 100) / (211 + 50));
  expect(sourceRatio.sinceStart.median).toBe(3);
  expect(sourceRatio.answered.least).toBe(800 / 8100);
});
