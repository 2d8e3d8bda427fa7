// A step from the queue: taken, kept if it cannot be read, and noted before the host gives up.
import { describe, expect, it } from 'vitest';
import { registerOnStep } from '../../src/functions/on-step.ts';
import { signal, targetId } from '../lib/facts.ts';
import { contextOf, doors } from './doors.ts';

describe('a step from the queue', () => {
  it('is taken: the look is in the history', async () => {
    const { deliver, running } = doors(registerOnStep);
    await running.deliver(signal);
    const [next] = running.world.steps;
    running.world.nowMs = next?.dueAtMs ?? 0;
    const kinds = async (): Promise<string[]> =>
      (await running.ports.history.read(next?.step.targetId ?? '')).map(({ entry }) => entry.kind);
    const before = await kinds();
    await deliver('on-step', next?.step);

    expect((await kinds()).slice(before.length)).toContain('looked');
  });

  it.each(['hello', { targetId: 'ca-orders', seq: 1, wake: false }])(
    'that is %j is kept as unreadable',
    async (sent) => {
      const { deliver, upkeep } = doors(registerOnStep);
      await deliver('on-step', sent);

      expect([...upkeep.letters.values()]).toMatchObject([{ kind: 'unreadable', queue: 'steps', state: 'dead' }]);
    },
  );

  it.each([
    [4, 0],
    [5, 1],
  ])('that fails at delivery %i leaves %i notes, and the host learns of it', async (delivery, notes) => {
    const { deliver, upkeep, running } = doors(registerOnStep);
    running.world.before = (call) => {
      if (call === 'history.read') throw new Error('down');
    };
    const step = { targetId, seq: 1, wake: false };

    await expect(deliver('on-step', step, contextOf(delivery))).rejects.toThrow('down');
    expect(upkeep.letters.size).toBe(notes);
  });
});
