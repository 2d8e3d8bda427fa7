import { describe, expect, it } from 'vitest';
import { dayMs, dayStartOf, weekStartOf } from '../../../src/lib/console/weeks.ts';

const at = (text: string): number => Date.parse(text);

describe('a day and a week', () => {
  it.each([
    ['2026-06-01T00:00:00Z', '2026-06-01T00:00:00Z'],
    ['2026-06-03T13:59:59Z', '2026-06-01T00:00:00Z'],
    ['2026-06-07T23:59:59Z', '2026-06-01T00:00:00Z'],
    ['2026-06-08T00:00:00Z', '2026-06-08T00:00:00Z'],
    ['2026-01-01T00:00:00Z', '2025-12-29T00:00:00Z'],
    ['1970-01-01T00:00:00Z', '1969-12-29T00:00:00Z'],
  ])('of %s begin at midnight, the week on Monday %s', (instant, monday) => {
    expect(weekStartOf(at(instant))).toBe(at(monday));
    expect(dayStartOf(at(instant))).toBe(at(`${instant.slice(0, 10)}T00:00:00Z`));
  });

  it('is 24 hours long', () => {
    expect(dayMs).toBe(86_400_000);
  });
});
