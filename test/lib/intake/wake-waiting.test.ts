// A change wakes what waits for it. A history that cannot be read stops no other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOfRemediations } from '../../../src/lib/console/lists.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { arm, config, minute, nowMs, registryId } from '../facts.ts';
import { appSignal, planted, type State } from '../spoiled-histories.ts';

const changed: Signal = {
  id: 'event|registry',
  via: 'resource-event',
  about: { kind: 'change', resource: arm(registryId) },
  atMs: nowMs + minute,
};

const states: readonly State[] = ['good', 'broken', 'newer-version', 'not-understood'];

describe('a history that cannot be read stops only itself', () => {
  it('in any order of good and bad histories the good ones are woken and listed, and the bad ones are named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 8 }), async (order) => {
        const { running, all } = await planted(order);
        running.world.nowMs += minute;
        running.world.steps.length = 0;
        await handleSignal(running.ports, config(), changed);
        const good = all.filter(({ state }) => state === 'good');
        const bad = all.filter(({ state }) => state !== 'good');

        expect(new Set(running.world.steps.map(({ step }) => step.targetId))).toEqual(
          new Set(good.map(({ targetId }) => targetId)),
        );
        const page = await pageOfRemediations(running.ports);
        expect(page.remediations.map(({ id }) => id).sort()).toEqual(good.map(({ id }) => id).sort());
        expect(page.unreadable.map(({ id, why }) => `${id} ${why}`).sort()).toEqual(
          bad.map(({ id, state }) => `${id} ${state}`).sort(),
        );
        expect([...running.rows.values()].filter((row) => row.unreadable !== undefined)).toHaveLength(bad.length);
      }),
      { numRuns: 60 },
    );
  });

  it.each(states.slice(1))('a signal for its app is handled, and opens no second remediation: %s', async (state) => {
    const { running, all } = await planted([state]);
    const before = running.histories.all.get(all[0]?.targetId ?? '')?.length;
    running.world.nowMs += minute;
    await handleSignal(running.ports, config(), appSignal('ca-0', 'alert|another'));

    expect(running.rows.size).toBe(1);
    expect(running.histories.all.get(all[0]?.targetId ?? '')).toHaveLength(before ?? 0);
  });

  it('a store that does not answer is another matter: the signal is delivered again', async () => {
    const { running } = await planted(['good']);
    running.world.before = (call) => {
      if (call === 'history.read') throw new Error('The store does not answer.');
    };

    await expect(handleSignal(running.ports, config(), changed)).rejects.toThrow('does not answer');
  });
});
