// The comparison of two starts: medians of starts in turn, so that a busy minute of the machine slows both.
import { expect, it } from 'vitest';
import { compare } from '../../../bench/start/compare.ts';

it('starts the two apps in turn and compares their medians, whatever one slow start takes', () => {
  const times = { bare: [100, 90, 9000], app: [150, 8000, 140] };
  const turns: string[] = [];
  const compared = compare(3, (which) => {
    turns.push(which);
    const sinceStartMs = times[which].shift() ?? Number.NaN;
    return { sinceStartMs, loadMs: sinceStartMs - 50, answeredMs: sinceStartMs + 7 };
  });

  expect(turns).toEqual(['bare', 'app', 'bare', 'app', 'bare', 'app']);
  expect(compared).toEqual({
    bare: { sinceStartMs: 100, loadMs: 50, answeredMs: 107 },
    app: { sinceStartMs: 150, loadMs: 100, answeredMs: 157 },
    ratio: 1.5,
    loadRatio: 2,
    workerRatio: (211 + 100) / (211 + 50),
  });
});
