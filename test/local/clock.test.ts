import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { clockEnvironment, scaledNow } from '../../local/clock.ts';

const startMs = Date.parse('2026-06-01T02:00:00Z');

function underClock(code: string): unknown {
  const env = { ...process.env, ...clockEnvironment({ startMs, realStartMs: Date.now(), speed: 60 }) };
  return JSON.parse(
    execFileSync(process.execPath, ['--import', './local/clock.ts', '-e', `console.log(JSON.stringify(${code}))`], {
      env,
      encoding: 'utf8',
    }),
  );
}

describe('the clock', () => {
  it('starts at the given instant for Date.now(), new Date() and Date()', () => {
    const [now, made, text] = underClock('[Date.now(), new Date().getTime(), Date.parse(Date())]') as number[];

    for (const atMs of [now, made, text]) expect((atMs ?? 0) - startMs).toBeLessThan(10 * 60_000);
    expect(now).toBeGreaterThanOrEqual(startMs);
  });

  it('leaves every other use of Date as it is', () => {
    expect(
      underClock(
        "[new Date(0).toISOString(), Date.UTC(2000, 0), new Date('2000-01-01') instanceof Date, Date.parse('1970-01-01T00:00:01Z'), Date.name]",
      ),
    ).toEqual(['1970-01-01T00:00:00.000Z', 946684800000, true, 1000, 'Date']);
  });

  it('runs as fast as it is told to', () => {
    const realStartMs = Date.now() - 1000;

    expect(scaledNow({ startMs, realStartMs, speed: 60 }) - startMs).toBeGreaterThanOrEqual(60_000);
  });
});
