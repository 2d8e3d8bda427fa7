import { afterEach, describe, expect, it } from 'vitest';
import { nextDue, parseSchedule } from '../../../local/host/timers.ts';
import { aWhile, type Running, run } from './harness.ts';

let running: Running | undefined;

afterEach(async () => {
  delete process.env['SLOW_MS'];
  await running?.host.stop();
});

describe('a schedule', () => {
  const noon = Date.UTC(2026, 5, 1, 12, 0, 0);

  it.each([
    ['0 */5 * * * *', noon + 300_000],
    ['*/10 * * * * *', noon + 10_000],
    ['30 2 * * *', Date.UTC(2026, 5, 2, 2, 30)],
    ['0 0 9 * * MON-FRI', Date.UTC(2026, 5, 2, 9)],
    // Both the day of the month and that of the week: the 13th that is a Friday.
    ['0 0 0 13 * 5', Date.UTC(2026, 10, 13)],
  ])('%s is due when NCRONTAB says', (text, dueMs) => {
    expect(nextDue(parseSchedule(text, 'f'), noon)).toBe(dueMs);
  });

  it.each(['', '* * * *', '0 0 0 L * *', '0 0 0 ? * *', '@daily', '61 * * * * *', '0 0 0 * * noday'])(
    '%s is refused',
    (text) => {
      expect(() => parseSchedule(text, 'f')).toThrow(/"f".*is not a schedule of six fields/);
    },
  );
});

describe('a timer', () => {
  it('21, 33. runs when it is due, never before, with camel-case input and without metadata', async () => {
    const dueMs = nextDue(parseSchedule('* * * * * *', 'tick'), Date.now()) ?? Number.NaN;
    running = await run('timers', { env: { EVERY: '* * * * * *' } });

    const [tick] = (await running.hears('tick')) as [{ timer: unknown; atMs: number; metadata: boolean }];
    expect(tick.timer).toEqual({ schedule: { adjustForDST: true }, scheduleStatus: null, isPastDue: false });
    expect(tick.atMs).toBeGreaterThanOrEqual(dueMs);
    expect(tick.metadata).toBe(true);
  });

  it('runs at the start only when it asks for that', async () => {
    running = await run('timers', { env: { EVERY: '0 0 0 1 1 *' } });
    await running.hears('at-start');
    await aWhile();

    expect(running.said('once-a-year')).toEqual([]);
  });

  it('never overlaps with itself', async () => {
    process.env['SLOW_MS'] = '1300';
    running = await run('timers', { env: { EVERY: '* * * * * *' } });

    const runs = (await running.hears('slow', 2)) as { running: number }[];
    expect(runs.map((one) => one.running)).toEqual([1, 1]);
  });
});
