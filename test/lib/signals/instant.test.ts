import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../src/lib/signals/instant.ts';

describe('an instant', () => {
  it('is read as the platform reads it', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true }),
        (date) => epochMs(date.toISOString()) === date.getTime(),
      ),
    );
    expect(epochMs('2026-06-01T04:00:00+02:00')).toBe(Date.parse('2026-06-01T02:00:00Z'));
    expect(epochMs('yesterday')).toBeNaN();
  });
});
