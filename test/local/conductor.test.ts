// The conductor: time never runs ahead of the work. The bounds hold on a machine of any speed, because a slower one only takes longer.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keepsUp } from '../../local/conductor.ts';

const speed = 60;

describe('time may run at full speed', () => {
  const now = 1_000_000;

  it.each([
    ['while a process only waits', { beatMs: now - 20, workSinceMs: 0, ended: 3 }, true],
    ['while a piece of work is young', { beatMs: now - 20, workSinceMs: now - 150, ended: 3 }, true],
    [
      'not while a piece of work is older than 9 simulated seconds',
      { beatMs: now, workSinceMs: now - 151, ended: 3 },
      false,
    ],
    ['while a process was heard of 9 simulated seconds ago', { beatMs: now - 150, workSinceMs: 0, ended: 3 }, true],
    ['not while it was heard of before that', { beatMs: now - 151, workSinceMs: 0, ended: 3 }, false],
    ['not while a process is still starting', undefined, false],
  ])('%s', (_, beat, expected) => {
    expect(keepsUp(beat, now, speed)).toBe(expected);
  });

  it('whatever a machine without other work needs to be heard of, however fast the clock is', () => {
    expect(keepsUp({ beatMs: now - 80, workSinceMs: 0, ended: 0 }, now, 240)).toBe(true);
    expect(keepsUp({ beatMs: now - 81, workSinceMs: 0, ended: 0 }, now, 240)).toBe(false);
  });
});

const passed = z.object({ realMs: z.number(), simulatedMs: z.number() });
const output = z.object({
  idle: passed,
  atWork: passed,
  kept: z.number(),
  blocked: passed,
  waiting: passed,
  pace: z.object({ tookMs: z.number(), atFullSpeedMs: z.number() }),
});

/** What can pass before the conductor's next look, in simulated milliseconds: then time stops. */
const holdMs = 100 * speed;

describe('a process on a shared clock', () => {
  let seen: z.infer<typeof output>;

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['test/local/conducted.ts']);
    seen = output.parse(JSON.parse(stdout));
  });

  it('sees time run faster than real time while it only waits, and at most as fast as it was told', () => {
    expect(seen.idle.simulatedMs).toBeGreaterThanOrEqual(60_000);
    expect(seen.idle.simulatedMs).toBeLessThanOrEqual((seen.idle.realMs + 2) * speed);
  });

  it('sees a piece of work that takes long take as long as in real time, after its first 9 simulated seconds', () => {
    expect(seen.atWork.realMs).toBeGreaterThanOrEqual(1490);
    expect(seen.atWork.simulatedMs).toBeLessThanOrEqual(9000 + holdMs + seen.atWork.realMs);
    expect(seen.kept).toBe(0);
  });

  it('sees time stand still while the conductor itself does not get to its work', () => {
    expect(seen.blocked.simulatedMs).toBeLessThanOrEqual(holdMs + speed);
  });

  it('sees time run no faster than real time while another process has not started yet', () => {
    expect(seen.waiting.simulatedMs).toBeLessThanOrEqual(seen.waiting.realMs + holdMs);
  });

  it('is told how much longer the run took than at full speed', () => {
    expect(seen.pace.tookMs).toBeGreaterThan(seen.pace.atFullSpeedMs);
  });
});
