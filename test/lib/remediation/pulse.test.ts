import { describe, expect, it } from 'vitest';
import { awakeSince, beat } from '../../../src/lib/remediation/pulse.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { config, minute, nowMs, roleMissing } from '../facts.ts';
import { memory } from '../memory-ports.ts';

function starting() {
  const running = memory(config(), roleMissing, nowMs);
  running.world.pulse = known(undefined);
  return running;
}

describe('a deployment', () => {
  it('is awake since its first beat, as long as it beats', async () => {
    const { ports, world } = starting();
    for (let at = 0; at < 60; at += 1) {
      await beat(ports);
      world.nowMs += minute;
    }

    expect(await awakeSince(ports)).toEqual(known(nowMs));
  });

  it('that never beat, or fell silent for half an hour, is awake since now', async () => {
    const { ports, world } = starting();
    expect(await awakeSince(ports)).toEqual(known(nowMs));

    await beat(ports);
    world.nowMs += 31 * minute;
    expect(await awakeSince(ports)).toEqual(known(world.nowMs));
  });

  it('is awake as before where its last beat is half an hour old, to the millisecond', async () => {
    const { ports, world } = starting();
    await beat(ports);
    world.nowMs += 30 * minute;
    expect(await awakeSince(ports)).toEqual(known(nowMs));
    world.nowMs += 1;

    expect(await awakeSince(ports)).toEqual(known(world.nowMs));
  });

  it('keeps its beats to itself while the last one cannot be read', async () => {
    const { ports, world } = starting();
    world.pulse = unreadable('unavailable');
    await beat(ports);

    expect(world.pulse).toEqual(unreadable('unavailable'));
    expect(await awakeSince(ports)).toEqual(unreadable('unavailable'));
  });
});
