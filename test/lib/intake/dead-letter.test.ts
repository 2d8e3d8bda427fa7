// What becomes of messages that cannot be handled: sent again for hours, then kept where a person sees them and can send them again.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lastDelivery } from '../../../src/functions/message.ts';
import {
  dismiss,
  drainPoison,
  keepUnreadable,
  listDead,
  mostKept,
  noteFailure,
  replay,
} from '../../../src/lib/intake/dead-letter.ts';
import type { DeadLetter } from '../../../src/lib/ports/upkeep.ts';
import type { TargetId } from '../../../src/lib/words/target.ts';
import { appId, config, minute, nowMs, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { type MemoryUpkeep, memoryUpkeep } from '../memory-upkeep.ts';

interface Running extends Memory {
  readonly kept: MemoryUpkeep;
  drain(): Promise<void>;
  only(): DeadLetter;
}

function start(): Running {
  const running = memory(config(), roleMissing, nowMs);
  const kept = memoryUpkeep();
  return {
    ...running,
    kept,
    async drain() {
      await drainPoison(kept.upkeep, running.ports);
    },
    only() {
      const [letter, ...others] = kept.letters.values();
      expect(others).toEqual([]);
      if (letter === undefined) throw new Error('there is no letter');
      return letter;
    },
  };
}

const targetId = `t${'1'.repeat(24)}` as TargetId;
const step = { targetId, seq: 3, wake: false };
const hour = 60 * minute;

/** A signal that fails until nobody sends it again. */
async function deadSignal(): Promise<Running> {
  const running = start();
  for (let tries = 1; tries <= 7; tries += 1) {
    running.kept.fails('signals', signal);
    await running.drain();
    running.world.nowMs += 5 * hour;
  }
  return running;
}

describe('a signal that failed five times', () => {
  it('is sent again after a pause, and the pauses grow', async () => {
    const running = start();
    const pauses: number[] = [];
    for (let tries = 1; tries <= 6; tries += 1) {
      running.kept.fails('signals', signal);
      await running.drain();
      pauses.push(((running.world.signals.at(-1)?.dueAtMs ?? 0) - running.world.nowMs) / minute);
      running.world.nowMs += hour;
    }

    expect(pauses).toEqual([10, 20, 40, 80, 160, 320]);
    expect(running.world.signals.map((sent) => sent.signal)).toEqual(Array(6).fill(signal));
    expect(await listDead(running.kept.upkeep)).toEqual([]);
  });

  it('stays as a dead letter after that, with the original signal, and is sent no more', async () => {
    const running = await deadSignal();

    expect(running.world.signals).toHaveLength(6);
    expect(running.only()).toMatchObject({ kind: 'signal', state: 'dead', tries: 7, firstAtMs: nowMs });
    expect(JSON.parse(running.only().message)).toEqual(signal);
    expect(running.kept.poison).toEqual([]);
  });

  it('does not leave the poison queue before it is kept', async () => {
    const running = start();
    running.kept.fails('signals', signal);
    running.kept.before = (call) => {
      if (call === 'letters.put') throw new Error('the store is down');
    };

    await expect(running.drain()).rejects.toThrow('the store is down');

    expect(running.kept.poison).toHaveLength(1);
    expect(running.world.signals).toEqual([]);
  });

  it('does not leave the poison queue before it is sent', async () => {
    const running = start();
    running.kept.fails('signals', signal);
    running.world.before = (call) => {
      if (call === 'queue.sendSignal') throw new Error('the queue is down');
    };

    await expect(running.drain()).rejects.toThrow('the queue is down');

    expect(running.kept.poison).toHaveLength(1);
  });

  it('says what it failed with: a code, never a message', async () => {
    const running = start();
    const error = Object.assign(new Error('secret text'), { name: 'RestError', statusCode: 503 });
    await noteFailure(running.kept.upkeep, running.ports, { queue: 'signals', body: signal, error });
    running.kept.fails('signals', signal);
    await running.drain();

    expect(running.only()).toMatchObject({ lastError: 'RestError 503', tries: 1 });
    expect(JSON.stringify(running.only())).not.toContain('secret');
  });

  it('that is heard of no more leaves no letter behind', async () => {
    const running = start();
    running.kept.fails('signals', signal);
    await running.drain();
    running.world.nowMs += 25 * hour;
    await running.drain();

    expect(running.kept.letters.size).toBe(0);
  });
});

it('a storm of failed messages is taken in one turn, handful by handful', async () => {
  const running = start();
  for (let n = 0; n < 300; n += 1) running.kept.fails('signals', { ...signal, id: `alert|${n}` });
  await running.drain();

  expect(running.kept.poison).toEqual([]);
  expect(running.kept.letters.size).toBe(300);
  expect(running.world.signals).toHaveLength(300);
});

describe('a dead letter', () => {
  it('is sent again when a person says so, and a signal that comes twice joins once', async () => {
    const running = await deadSignal();
    const { id } = running.only();
    running.world.signals.length = 0;

    expect(await replay(running.kept.upkeep, running.ports, id, { by: 'anna' })).toBe('replayed');
    expect(await replay(running.kept.upkeep, running.ports, id, { by: 'anna' })).toBe('replayed');

    expect(running.world.signals).toHaveLength(2);
    for (const sent of running.world.signals) await running.deliver(sent.signal);
    expect(running.rows.size).toBe(1);
    expect(running.world.granted).toHaveLength(1);
    expect(await listDead(running.kept.upkeep)).toEqual([]);
  });

  it('that fails again after a replay has all its tries before it', async () => {
    const running = await deadSignal();
    await replay(running.kept.upkeep, running.ports, running.only().id, { by: 'anna' });
    running.kept.fails('signals', signal);
    await running.drain();

    expect(running.only()).toMatchObject({ state: 'retrying', tries: 1 });
  });

  it('stays as long as nobody has seen to it, and a week after that', async () => {
    const running = await deadSignal();
    running.world.nowMs += 90 * 24 * hour;
    await running.drain();
    expect(await listDead(running.kept.upkeep)).toHaveLength(1);

    expect(await dismiss(running.kept.upkeep, running.ports, running.only().id, { by: 'anna' })).toBe('dismissed');
    await running.drain();
    expect(running.kept.letters.size).toBe(1);
    running.world.nowMs += 8 * 24 * hour;
    await running.drain();
    expect(running.kept.letters.size).toBe(0);
  });

  it.each(['x', `d${'0'.repeat(24)}`, "d' or PartitionKey ne '"])('%s is none', async (id) => {
    const { kept, ports } = await deadSignal();

    expect(await replay(kept.upkeep, ports, id, { by: 'anna' })).toBe('not-found');
    expect(await dismiss(kept.upkeep, ports, id, { by: 'anna' })).toBe('not-found');
  });
});

describe('a step that failed five times', () => {
  it('is sent again as a look, and the steps of one target are one letter', async () => {
    const running = start();
    running.kept.fails('steps', step);
    running.kept.fails('steps', { ...step, seq: 4 });
    await running.drain();

    expect(running.world.steps.map((sent) => sent.step.wake)).toEqual([true, true]);
    expect(running.only()).toMatchObject({ kind: 'step', tries: 2 });
  });

  async function deadStep(): Promise<Running> {
    const running = start();
    for (let tries = 1; tries <= 7; tries += 1) running.kept.fails('steps', step);
    await running.drain();
    expect(running.only().state).toBe('dead');
    running.world.nowMs += 15 * minute;
    return running;
  }
  const row = {
    remediation: `${targetId}.1`,
    targetId,
    appId,
    closed: false,
    needsPerson: false,
    asleep: false,
    seq: 3,
    updatedAtMs: nowMs,
  };

  it('stays while its target is late', async () => {
    const running = await deadStep();
    await running.ports.index.put({ ...row, dueAtMs: nowMs } as Parameters<typeof running.ports.index.put>[0]);
    await running.drain();

    expect(running.kept.letters.size).toBe(1);
  });

  it.each(['', '{"targetId":', '[]'])(
    'stays where its text is spoilt (%j), and keeps no other from going',
    async (message) => {
      const running = await deadStep();
      const spoilt = { ...running.only(), id: `d${'5'.repeat(24)}`, message };
      running.kept.letters.set(spoilt.id, spoilt);
      await running.drain();

      expect([...running.kept.letters.keys()]).toEqual([spoilt.id]);
      expect(await replay(running.kept.upkeep, running.ports, spoilt.id, { by: 'ada' })).toBe('unreadable');
      expect(await dismiss(running.kept.upkeep, running.ports, spoilt.id, { by: 'ada' })).toBe('dismissed');
    },
  );

  it('goes when the schedule has made up for it', async () => {
    const running = await deadStep();
    const dueAtMs = running.world.nowMs + minute;
    await running.ports.index.put({ ...row, dueAtMs } as Parameters<typeof running.ports.index.put>[0]);
    await running.drain();

    expect(running.kept.letters.size).toBe(0);
  });
});

describe('a message that nobody can read', () => {
  it.each<[string, 'signals' | 'steps', unknown]>([
    ['is no JSON', 'signals', undefined],
    ['is a signal without an id', 'signals', { via: 'operator' }],
    ['is a step among signals', 'signals', step],
    ['is a signal among steps', 'steps', signal],
  ])('because it %s is kept as it lay there, once and at once', async (_what, queue, body) => {
    const running = start();
    running.kept.fails(queue, body, '*raw*');
    await running.drain();

    expect(running.only()).toMatchObject({ kind: 'unreadable', state: 'dead', queue, message: '*raw*' });
    expect(running.world.signals).toEqual([]);
    expect(running.world.steps).toEqual([]);
  });

  it('is kept when it comes by the queue itself, cut where it is larger than any message', async () => {
    const running = start();
    await keepUnreadable(running.kept.upkeep, running.ports, 'signals', 'x'.repeat(mostKept * 2));

    expect(running.only().message).toHaveLength(mostKept);
  });

  it('cannot be sent again', async () => {
    const running = start();
    running.kept.fails('signals', undefined);
    await running.drain();

    expect(await replay(running.kept.upkeep, running.ports, running.only().id, { by: 'anna' })).toBe('unreadable');
    expect(running.only().state).toBe('dead');
  });
});

it('the last delivery is the one after which the host gives up', () => {
  const { extensions } = JSON.parse(readFileSync('host.json', 'utf8')) as {
    extensions: { queues: { maxDequeueCount: number } };
  };

  expect(extensions.queues.maxDequeueCount).toBe(lastDelivery);
});
