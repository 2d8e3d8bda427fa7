// A change wakes what waits for it. A history that cannot be read stops no other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOfRemediations } from '../../../src/lib/console/lists.ts';
import { listIncidents, listRemediations } from '../../../src/lib/console/views.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  arm,
  config,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  registryId,
  signal,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
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

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
const registries = `${subscription}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries`;
const zones = `${subscription}/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones`;

function change(resource: string): Signal {
  return {
    id: `event|${resource}`,
    via: 'resource-event',
    about: { kind: 'change', resource: arm(resource) },
    atMs: nowMs,
  };
}

async function looks(running: Memory): Promise<number> {
  const [row] = running.rows.values();
  if (row === undefined) throw new Error('there is no remediation');
  return (await running.ports.history.read(row.targetId)).filter(({ entry }) => entry.kind === 'looked').length;
}

describe('what waits for a person', () => {
  it('is left in peace by the change of another registry', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.nowMs += minute;
    await running.deliver(change(`${registries}/acrother`));

    expect(await looks(running)).toBe(1);
  });

  it('looks at once, and again: lists of Azure lag behind a change', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    // The 2 and 5 minutes of the slow schedule are over.
    await running.pass(6 * minute);
    const before = await looks(running);
    await running.deliver(change(`${zones}/privatelink.azurecr.io/virtualNetworkLinks/l`));
    expect(await looks(running)).toBe(before + 1);
    running.world.evidence = { ...dnsLinked, atMs: running.world.nowMs };
    await running.pass(2.5 * minute);

    expect((await listRemediations(running.ports))[0]?.state).not.toBe('needs-person');
  });

  it('sees a change that happened while it was looking', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    await running.pass(6 * minute);
    const row = [...running.rows.values()][0];
    await running.deliver(change(`${zones}/privatelink.azurecr.io/virtualNetworkLinks/l`));
    // A look of that very moment, with the row of before it: the wake is taken for one that was served.
    if (row !== undefined) running.rows.set(row.remediation, row);
    running.world.evidence = { ...dnsLinked, atMs: running.world.nowMs };
    await running.deliver(change(`${zones}/privatelink.azurecr.io/virtualNetworkLinks/m`));
    expect((await listRemediations(running.ports))[0]?.state).toBe('needs-person');
    await running.pass(2.5 * minute);

    expect((await listRemediations(running.ports))[0]?.state).not.toBe('needs-person');
  });

  it('recovers and closes its incident without an event too: the slow schedule looks', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.evidence = {
      ...dnsLinked,
      logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + minute }]),
      replicas: known([readyReplica]),
    };
    await running.pass(20 * minute);

    expect((await listIncidents(running.ports))[0]?.state).toBe('resolved');
  });
});

describe('an image that is pushed', () => {
  const pushed = (repository: string, registry = 'acrshop.azurecr.io'): Signal => ({
    id: `event|${repository}`,
    via: 'registry-event',
    about: { kind: 'pushed', registry, repository },
    atMs: nowMs,
  });

  it.each<[string, Signal, number]>([
    ['of its repository', pushed('shop/orders'), 2],
    ['of another repository', pushed('shop/orders-admin'), 1],
    ['of a repository of that name in another registry', pushed('shop/orders', 'acrother.azurecr.io'), 1],
  ])('%s: what waits for it has looked %i times', async (_, event, expected) => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.nowMs += minute;
    await running.deliver(event);

    expect(await looks(running)).toBe(expected);
  });
});
