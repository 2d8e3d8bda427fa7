// When a schedule starts its next execution. Every instant that is told is held against a second reading of the expression, that of a library.
import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRunMs, startsEveryMinutes } from '../../../../src/lib/workloads/job/cron.ts';
import '../../same-cases.ts';

const at = (text: string): number => Date.parse(text);
const next = (expression: string | undefined, after: string): string | undefined => {
  const ms = nextRunMs(expression, at(after));
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

describe('the next run', () => {
  it.each([
    ['*/5 * * * *', '2026-06-01T02:00:00Z', '2026-06-01T02:05:00.000Z'],
    ['*/5 * * * *', '2026-06-01T02:04:59.999Z', '2026-06-01T02:05:00.000Z'],
    ['15 3 * * *', '2026-06-01T03:14:59Z', '2026-06-01T03:15:00.000Z'],
    ['15 3 * * *', '2026-06-01T03:15:00Z', '2026-06-02T03:15:00.000Z'],
    [' 0  0 1 JAN * ', '2026-06-01T02:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 9 * * mon-fri', '2026-06-05T09:00:00Z', '2026-06-08T09:00:00.000Z'],
    ['0 9 * * 7', '2026-06-01T02:00:00Z', '2026-06-07T09:00:00.000Z'],
    ['0 0 29 2 *', '2026-06-01T02:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 13 * 5', '2026-06-01T02:00:00Z', '2026-06-05T00:00:00.000Z'],
    ['10/20 6,18 * * *', '2026-06-01T06:30:00Z', '2026-06-01T06:50:00.000Z'],
    ['59 23 31 12 *', '2026-12-31T23:59:00Z', '2027-12-31T23:59:00.000Z'],
  ])('of %s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each([
    undefined,
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '*/0 * * * *',
    '5-1 * * * *',
    '*-5 * * * *',
    '1,,2 * * * *',
    'L * * * *',
    '@hourly',
    '-1 * * * *',
    '1.5 * * * *',
    'constructor * * * *',
    '__proto__ * * * *',
    '0 0 31 2 *',
    `${'0,'.repeat(100)}0 * * * *`,
    '<script> * * * *',
  ])('of %s is not told: it cannot be read, or never comes', (expression) => {
    expect(next(expression, '2026-06-01T02:00:00Z')).toBeUndefined();
  });

  it('is told alike by a library that reads cron expressions', () => {
    const number = (from: number, to: number) => fc.integer({ min: from, max: to }).map(String);
    const field = (from: number, to: number): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant('*') },
        number(from, to),
        fc.integer({ min: 1, max: 20 }).map((step) => `*/${step}`),
        fc.tuple(number(from, to), number(from, to)).map((pair) => pair.join(',')),
        fc
          .tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      );
    // A step over days counts as a restriction for one reader and as none for the other, so that steps stand in the first fields alone.
    const plain = (from: number, to: number): fc.Arbitrary<string> =>
      field(from, to).filter((text) => !text.includes('/'));
    const expressions = fc
      .tuple(field(0, 59), field(0, 23), plain(1, 28), plain(1, 12), plain(0, 6))
      .map((fields) => fields.join(' '));

    fc.assert(
      fc.property(expressions, fc.integer({ min: at('2026-01-01'), max: at('2030-01-01') }), (expression, afterMs) => {
        const told = new Cron(expression, { timezone: 'UTC' }).nextRun(new Date(afterMs));

        expect(nextRunMs(expression, afterMs)).toBe(told?.getTime());
      }),
    );
  });
});

describe('a schedule that runs all day at one distance', () => {
  it.each([
    ['* * * * *', 1],
    ['*/1 * * * *', 1],
    [' */15  * * * * ', 15],
    ['*/5 * * * 1-5', 5],
    ['0-59/5 * * * *', 5],
    ['3,33 * * * *', 30],
    ['0 * * * *', 60],
    ['*/75 * * * *', 60],
    ['0 */6 * * *', 360],
  ])('of %s starts an execution every %s minutes', (expression, minutes) => {
    expect(startsEveryMinutes(expression)).toBe(minutes);
  });

  it.each([
    '*/7 * * * *',
    '*/5 3 * * *',
    '*/5 8-18 * * *',
    '0 3 * * *',
    '*/0 * * * *',
    '60 * * * *',
    '* * * *',
    '* * * * * *',
    '',
    undefined,
  ])('is not the one of %s', (expression) => {
    expect(startsEveryMinutes(expression)).toBeUndefined();
  });

  it('starts its next execution that many minutes after each one', () => {
    const steps = Array.from({ length: 99 }, (_, at) => `*/${at + 1} * * * *`);
    const even = steps.filter((expression) => startsEveryMinutes(expression) !== undefined);
    const distances = even.map((expression) => {
      const first = nextRunMs(expression, at('2026-06-01T02:00:00Z')) ?? 0;
      return ((nextRunMs(expression, first) ?? 0) - first) / 60_000;
    });

    expect(even.length).toBeGreaterThan(40);
    expect(distances).toEqual(even.map(startsEveryMinutes));
  });
});
