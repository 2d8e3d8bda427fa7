// A signal from the queue: handled, kept if it cannot be read, and noted before the host gives up.
import { describe, expect, it } from 'vitest';
import { registerOnSignal } from '../../src/functions/on-signal.ts';
import { signal } from '../lib/facts.ts';
import { contextOf, doors } from './doors.ts';

describe('a signal from the queue', () => {
  it('opens a remediation of the app that it names', async () => {
    const { deliver, running } = doors(registerOnSignal);
    await deliver('on-signal', signal);

    expect([...running.rows.values()]).toMatchObject([{ closed: false }]);
    expect(running.world.steps).toHaveLength(1);
  });

  it('that cannot be read is kept with its text, and counts as handled', async () => {
    const { deliver, upkeep } = doors(registerOnSignal);
    await deliver('on-signal', '<script>');

    expect([...upkeep.letters.values()]).toMatchObject([{ kind: 'unreadable', queue: 'signals', state: 'dead' }]);
  });

  it.each([
    [4, 0],
    [5, 1],
  ])('that fails at delivery %i leaves %i notes, and the host learns of it', async (delivery, notes) => {
    const { deliver, upkeep, running } = doors(registerOnSignal);
    running.world.before = (call) => {
      if (call === 'index.put') throw new Error('down');
    };

    await expect(deliver('on-signal', signal, contextOf(delivery))).rejects.toThrow('down');
    expect(upkeep.letters.size).toBe(notes);
  });
});
