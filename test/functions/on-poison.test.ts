// Messages that failed five times: the timer takes them out of their queue and keeps them.
import { describe, expect, it } from 'vitest';
import { registerOnPoison } from '../../src/functions/on-poison.ts';
import { signal } from '../lib/facts.ts';
import { doors } from './doors.ts';

describe('a message that failed five times', () => {
  it('is looked at every minute', () => {
    expect(doors(registerOnPoison).options('on-poison')).toMatchObject({ schedule: '15 * * * * *' });
  });

  it('is sent again and leaves its poison queue', async () => {
    const { deliver, upkeep, running } = doors(registerOnPoison);
    upkeep.fails('signals', signal);
    await deliver('on-poison', {});

    expect(upkeep.poison).toEqual([]);
    expect([...upkeep.letters.values()]).toMatchObject([{ kind: 'signal', state: 'retrying' }]);
    expect(running.world.signals).toMatchObject([{ signal: { id: signal.id } }]);
  });

  it('that cannot be read is kept and sent to no queue', async () => {
    const { deliver, upkeep, running } = doors(registerOnPoison);
    upkeep.fails('signals', { hello: 1 });
    await deliver('on-poison', {});

    expect([...upkeep.letters.values()]).toMatchObject([{ kind: 'unreadable', state: 'dead' }]);
    expect(running.world.signals).toEqual([]);
  });
});
