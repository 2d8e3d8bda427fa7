// A change wakes what waits for it. A history that cannot be read stops no other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOfRemediations } from '../../../src/lib/console/lists.ts';
import { listIncidents, listRemediations } from '../../../src/lib/console/views.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import type { ArmId } from '../../../src/lib/words/arm-id.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  arm,
  config,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  principalId,
  pulledRow,
  readyReplica,
  registryId,
  roleMissing,
  signal,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { appSignal, type Planted, planted, type State } from '../spoiled-histories.ts';

const changed: Signal = {
  id: 'event|registry',
  via: 'resource-event',
  about: { kind: 'change', resource: arm(registryId) },
  atMs: nowMs + minute,
};

function lengths({ histories }: Memory, all: readonly Planted[]): Map<string, number> {
  return new Map(all.map(({ targetId }) => [targetId, histories.all.get(targetId)?.length ?? 0]));
}

const states: readonly State[] = ['good', 'broken', 'newer-version', 'not-understood'];

describe('a history that cannot be read stops only itself', () => {
  it('in any order of good and bad histories the good ones are woken and listed, and the bad ones are named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 8 }), async (order) => {
        const { running, all } = await planted(order);
        running.world.nowMs += minute;
        running.world.steps.length = 0;
        const before = lengths(running, all);
        await handleSignal(running.ports, config(), changed);
        await running.settle();
        const good = all.filter(({ state }) => state === 'good');
        const bad = all.filter(({ state }) => state !== 'good');
        const after = lengths(running, all);

        for (const { targetId } of good) expect(after.get(targetId)).toBeGreaterThan(before.get(targetId) ?? 0);
        for (const { targetId } of bad) expect(after.get(targetId)).toBe(before.get(targetId));
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
      if (call === 'index.waiting') throw new Error('The store does not answer.');
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

describe('with 300 remediations that wait for a role', () => {
  const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
  const other = principalId('a0000000-0000-4000-8000-00000000000b');
  const assigned = (scope: string, place = 0): ArmId =>
    arm(
      `${scope}/providers/Microsoft.Authorization/roleAssignments/b0000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    );

  interface Counted {
    readonly running: Memory;
    /** How often each port was called since the changes began. */
    readonly calls: Map<string, number>;
    readonly change: (resource: ArmId, place?: number) => Promise<void>;
  }

  async function waiting(count: number): Promise<Counted> {
    const mode = config({ PULLMEDIC_MODE: 'observe' });
    const running = memory(mode, roleMissing, nowMs);
    for (let place = 0; place < count; place += 1) await running.deliver(appSignal(`ca-${place}`));
    expect(await running.ports.index.waiting()).toHaveLength(count);
    running.world.steps.length = 0;
    const calls = new Map<string, number>();
    running.world.before = (call) => void calls.set(call, (calls.get(call) ?? 0) + 1);
    const change = async (resource: ArmId, place = 0): Promise<void> => {
      const about = { kind: 'change', resource } as const;
      await handleSignal(running.ports, mode, { ...changed, id: `event|${place}`, about });
    };
    return { running, calls, change };
  }

  it('a role on another resource reads the list of rows, and nothing else', async () => {
    const { running, calls, change } = await waiting(300);
    await change(assigned(`${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a`));

    expect(Object.fromEntries(calls)).toEqual({ 'index.waiting': 1 });
    expect(running.world.steps).toEqual([]);
  });

  it('a role of another principal on the subscription takes one request, and no look', async () => {
    const { running, calls, change } = await waiting(300);
    const assignment = assigned(subscription);
    running.world.assignees.set(assignment, known({ principalId: other, group: false }));
    await change(assignment);

    expect(Object.fromEntries(calls)).toEqual({ 'index.waiting': 1, assignee: 1 });
  });

  it('the role that they wait for wakes each of them, and reads no history to tell', async () => {
    const { running, calls, change } = await waiting(30);
    const assignment = assigned(registryId);
    running.world.assignees.set(assignment, known({ principalId: principal, group: false }));
    await change(assignment);

    expect(calls.get('history.read')).toBeUndefined();
    expect(calls.get('queue.sendStep')).toBe(90);
    expect(new Set(running.world.steps.map(({ step }) => step.targetId)).size).toBe(30);
  });

  it('200 changes of their registry within a minute are six messages each, and not 600', async () => {
    const { running, calls, change } = await waiting(10);
    for (let place = 0; place < 200; place += 1) {
      await change(arm(registryId), place);
      running.world.nowMs += 300;
    }

    expect(calls.get('queue.sendStep')).toBe(60);
    expect(calls.get('wakes.write')).toBeLessThanOrEqual(4);
  });

  it('a change that many hosts tell of at once is planned once: who comes second sees the plan of the first', async () => {
    const { running, calls, change } = await waiting(10);
    await Promise.all(Array.from({ length: 4 }, (_, place) => change(arm(registryId), place)));

    expect(calls.get('queue.sendStep')).toBeLessThanOrEqual(60);
    expect(running.world.signals.length).toBeLessThanOrEqual(1);
  });

  it('rows of an older version do not say what is waited for: their histories do', async () => {
    const { running, calls, change } = await waiting(3);
    for (const { waitsFor: _waits, ...row } of running.rows.values()) running.rows.set(row.remediation, row);
    await change(assigned(`${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a`));

    expect(calls.get('history.read')).toBe(3);
    expect(running.world.steps).toEqual([]);
  });
});
