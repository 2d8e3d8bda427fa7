import { describe, expect, it } from 'vitest';
import { known, unreadable } from '../../src/lib/fact.ts';
import { checkHealth } from '../../src/lib/health.ts';
import { config, minute, nowMs, roleMissing, signal } from './facts.ts';
import { memory } from './memory-ports.ts';

describe('pullmedic is', () => {
  it('well when its storage answers and nothing is late', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);

    expect(await checkHealth(running.ports)).toEqual({
      well: true,
      storage: 'up',
      killSwitch: 'off',
      live: 1,
      overdue: 0,
    });
  });

  it('not well when a step is late, when storage is down, or when the kill switch cannot be read', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.nowMs += 60 * minute;
    expect(await checkHealth(running.ports)).toMatchObject({ well: false, overdue: 1 });

    running.world.killSwitch = unreadable('unavailable');
    expect(await checkHealth(running.ports)).toMatchObject({ well: false, killSwitch: 'unreadable' });

    running.world.before = (call) => {
      if (call === 'index.live') throw new Error('down');
    };
    expect(await checkHealth(running.ports)).toMatchObject({ well: false, storage: 'down' });
  });

  it('well with the kill switch on: that is a decision, no illness', async () => {
    const running = memory(config(), roleMissing, nowMs);
    running.world.killSwitch = known(true);

    expect(await checkHealth(running.ports)).toMatchObject({ well: true, killSwitch: 'on' });
  });
});
