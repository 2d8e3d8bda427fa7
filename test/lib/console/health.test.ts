import { describe, expect, it } from 'vitest';
import { checkHealth, type Health } from '../../../src/lib/console/health.ts';
import { drainPoison } from '../../../src/lib/intake/dead-letter.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, minute, nowMs, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { type MemoryUpkeep, memoryUpkeep } from '../memory-upkeep.ts';

interface Running extends Memory {
  readonly kept: MemoryUpkeep;
  health(): Promise<Health>;
}

/** A pullmedic with one live remediation whose heart beat this very minute. */
async function start(): Promise<Running> {
  const running = memory(config(), roleMissing, nowMs);
  const kept = memoryUpkeep();
  await running.deliver(signal);
  running.world.pulse = known({ sinceMs: 0, lastMs: nowMs });
  return { ...running, kept, health: () => checkHealth(running.ports, kept.upkeep) };
}

describe('pullmedic is well', () => {
  it('when everything answers and nothing is late', async () => {
    expect(await (await start()).health()).toEqual({
      well: true,
      dependencies: { tables: 'up', queues: 'up', signIn: 'up', logs: 'not-asked' },
      killSwitch: 'off',
      heartbeat: { state: 'beats', atMs: nowMs },
      live: 1,
      overdue: 0,
      sweep: { state: 'never' },
      unreadable: { histories: [], rows: 0 },
      poison: 0,
      deadLetters: [],
    });
  });

  it('when the last sweep was throttled: the next one comes in minutes', async () => {
    const running = await start();
    running.world.swept = known({ atMs: nowMs, apps: 0, skipped: 0, unreadable: 'throttled' });

    expect(await running.health()).toMatchObject({ well: true, sweep: { state: 'unreadable', why: 'throttled' } });
  });

  it('with histories that could not be archived: they are where they were', async () => {
    const running = await start();
    const { archive } = running.ports;
    Object.assign(archive, { progress: async () => ({ doneMs: 5, left: 2 }) });
    const health = await running.health();
    Object.assign(archive, { progress: () => Promise.reject(new Error('no answer')) });

    expect(health).toMatchObject({ well: true, archive: { untilMs: 5, left: 2 } });
    expect(await running.health()).toMatchObject({ well: true, archive: 'unreadable' });
  });

  it('with the kill switch on: that is a decision, no illness', async () => {
    const running = await start();
    running.world.killSwitch = known(true);

    expect(await running.health()).toMatchObject({ well: true, killSwitch: 'on' });
  });
});

describe('pullmedic is not well, and says why,', () => {
  it.each<[string, (running: Running) => void, object]>([
    [
      'when a step is late, although the heart beats',
      ({ world }) => {
        world.nowMs += 60 * minute;
        world.pulse = known({ sinceMs: 0, lastMs: world.nowMs });
      },
      { overdue: 1, heartbeat: { state: 'beats' } },
    ],
    [
      'when the kill switch cannot be read',
      ({ world }) => void (world.killSwitch = unreadable('unavailable')),
      { killSwitch: 'unreadable' },
    ],
    [
      'when the history cannot be read',
      ({ world }) => {
        world.before = (call) => {
          if (call === 'index.listLive') throw new Error('down');
        };
      },
      { dependencies: { tables: 'down' } },
    ],
    [
      'when the queues do not answer',
      ({ kept }) => void (kept.states.queues = 'down'),
      { dependencies: { queues: 'down' } },
    ],
    [
      'when the sweep skips apps whose id it cannot read',
      ({ world }) => void (world.swept = known({ atMs: nowMs, apps: 3, skipped: 2 })),
      { sweep: { state: 'incomplete', skipped: 2, atMs: nowMs } },
    ],
    [
      'when the sweep may not list the apps',
      ({ world }) => void (world.swept = known({ atMs: nowMs, apps: 0, skipped: 0, unreadable: 'forbidden' })),
      { sweep: { state: 'unreadable', why: 'forbidden' } },
    ],
    ['when it cannot sign in', ({ kept }) => void (kept.states.signIn = 'down'), { dependencies: { signIn: 'down' } }],
    ['when the logs do not answer', ({ kept }) => void (kept.states.logs = 'down'), { dependencies: { logs: 'down' } }],
    [
      'when the timer is dead',
      ({ world }) => void (world.nowMs += 4 * minute),
      { heartbeat: { state: 'late', atMs: nowMs } },
    ],
    [
      'when no heart ever beat',
      ({ world }) => void (world.pulse = known(undefined)),
      { heartbeat: { state: 'never' } },
    ],
    [
      'when nobody can tell whether it beats',
      ({ world }) => void (world.pulse = unreadable('unavailable')),
      { heartbeat: { state: 'unreadable' } },
    ],
    ['when failed messages lie in a poison queue', ({ kept }) => kept.fails('signals', signal), { poison: 1 }],
    [
      'when the letters cannot be read',
      ({ kept }) => {
        kept.before = (call) => {
          if (call === 'letters.all') throw new Error('down');
        };
      },
      { deadLetters: 'unreadable' },
    ],
  ])('%s', async (_what, spoil, says) => {
    const running = await start();
    spoil(running);

    expect(await running.health()).toMatchObject({ well: false, ...says });
  });

  it('when a message waits for a person, with the id by which it can be seen to', async () => {
    const running = await start();
    running.kept.fails('signals', undefined);
    await drainPoison(running.kept.upkeep, running.ports);

    const [id] = running.kept.letters.keys();
    expect(await running.health()).toMatchObject({ well: false, poison: 0, deadLetters: [id] });
  });
});

it('one missed beat is no illness', async () => {
  const running = await start();
  running.world.nowMs += 2 * minute;

  expect((await running.health()).heartbeat.state).toBe('beats');
});
