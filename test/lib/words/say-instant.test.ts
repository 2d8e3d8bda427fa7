// Instants as people read them are those of the calendar, leap years included.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sayInstant } from '../../../src/lib/words/say-instant.ts';

describe('an instant', () => {
  it.each([
    ['2024-02-29T23:59:59.999Z', '2024-02-29 23:59 UTC'],
    ['2026-03-01T00:00:00Z', '2026-03-01 00:00 UTC'],
    ['2025-12-31T23:59:00Z', '2025-12-31 23:59 UTC'],
    ['1970-01-01T00:00:00Z', '1970-01-01 00:00 UTC'],
  ])('%s is written to the minute', (text, said) => {
    expect(sayInstant(Date.parse(text))).toBe(said);
  });

  it('is the one that the platform writes, for every day of two centuries', () => {
    const days = fc.integer({ min: 0, max: Date.UTC(2170, 0, 1) });
    fc.assert(
      fc.property(days, (ms) => {
        expect(sayInstant(ms)).toBe(`${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
      }),
    );
  });
});
