// What a soak may say: its growth is that of the app alone, and a soak in which nothing ended says nothing.
import { describe, expect, it } from 'vitest';
import { tableOfMemory } from '../../../bench/memory/benchmark.ts';
import type { Held } from '../../../bench/memory/held.ts';
import { checkSoak, growthOf } from '../../../bench/memory/measure.ts';

const held = (hours: number, appBytes: number, changed: Partial<Held> = {}): Held => ({
  hours,
  steps: 900 * hours,
  opened: 70 * hours,
  ended: 70 * hours - 12,
  appBytes,
  worldBytes: 80_000_000,
  ...changed,
});

describe('the growth', () => {
  it('is that of the part of the app after the first hour, by the hour', () => {
    expect(growthOf([held(1, 1_000_000), held(2, 1_500_000), held(4, 1_600_000)])).toBe(200_000);
  });

  it('has no figure where one length alone was played', () => {
    expect(growthOf([held(1, 1_000_000)])).toBeNaN();
  });
});

describe('a soak', () => {
  it('may leave what began in its last half hour', () => {
    expect(() => checkSoak(held(1, 1))).not.toThrow();
  });

  it.each([
    ['in which nothing failed', { opened: 0, ended: 0 }, 'nothing failed'],
    ['in which most did not end', { ended: 20 }, 'only 20 ended'],
  ])('%s says nothing', (_, changed, says) => {
    expect(() => checkSoak(held(1, 1, changed))).toThrow(says);
  });
});

it('is told with the quiet hour first, and with the growth', () => {
  const quiet = held(1, 400_000, { opened: 0, ended: 0, steps: 0 });
  const table = tableOfMemory({ anHour: 10, quiet, soaks: [held(1, 1_000_000)], growthAnHour: 12_345 });

  expect(table).toContain(
    '| 1, quiet | 0 | 0 | 0 | 400 KB | 80,000 KB |\n| 1 | 70 | 58 | 900 | 1,000 KB | 80,000 KB |',
  );
  expect(table).toContain('grows by 12 KB an hour');
});
