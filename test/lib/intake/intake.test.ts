// From a signal to a remediation: it opens one, joins one, or does nothing. Signals come twice, late and in crowds.
import { describe, expect, it } from 'vitest';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import { Unreachable } from '../../../src/lib/ports/steering.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { appId, arm, config, minute, nowMs, readyReplica, revision, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { storedKinds } from '../stored.ts';

const start = (evidence = roleMissing): Memory => memory(config(), evidence, nowMs);
const handle = ({ ports }: Memory, one: Signal): Promise<void> => handleSignal(ports, config(), one);
const another = (more: Partial<Signal> = {}): Signal => ({ ...signal, id: 'alert|2', revision: 'another', ...more });

/** An app that recovered by itself, and whose remediation has ended. */
async function ended(): Promise<Memory> {
  const running = start({ ...roleMissing, logs: known([]), revisions: known([]), replicas: known([readyReplica]) });
  await running.deliver(signal);
  await running.pass(60 * minute);
  expect(storedKinds(running).at(-1)).toBe('closed');
  return running;
}

describe('a signal of an app without a remediation', () => {
  it('opens one: the row by which the schedule finds it, the entry, and the first step', async () => {
    const running = start();

    await handle(running, signal);

    expect(storedKinds(running)).toEqual(['opened']);
    expect([...running.rows.values()]).toMatchObject([{ closed: false, dueAtMs: nowMs, seq: 1 }]);
    expect(running.world.steps).toMatchObject([{ step: { seq: 1, wake: false }, dueAtMs: nowMs }]);
  });

  it('opens it after its row: if the host dies in between, the schedule finds the row', async () => {
    const running = start();
    running.world.before = (call) => {
      if (call === 'history.append') throw new Error('the host dies');
    };

    await expect(handle(running, signal)).rejects.toThrow('the host dies');
    expect(running.rows.size).toBe(1);

    running.world.before = () => undefined;
    await handle(running, signal);
    expect(storedKinds(running)).toEqual(['opened']);
  });

  it('opens nothing where it only reports that something is resolved', async () => {
    const running = start();

    await handle(running, { ...signal, joinOnly: true });

    expect(storedKinds(running)).toEqual([]);
  });

  it('opens none for an app of the same name that does not have the revision, where the environment fits neither', async () => {
    const running = start();
    const twin = arm(appId.replace('rg-apps', 'rg-two'));
    const azure: typeof running.ports.azure = {
      ...running.ports.azure,
      findApps: async () => known({ ids: [twin, appId], fits: 'name' }),
      probe: async (name, of, ...rest) =>
        of.appId === twin
          ? { facts: { revisions: known([{ ...revision, name: 'ca-orders--of-the-twin' }]) }, calls: 1 }
          : running.ports.azure.probe(name, of, ...rest),
    };
    const about = { kind: 'app-name', name: 'ca-orders', environment: 'victoriousmushroom-d79e9f76' } as const;

    await handleSignal({ ...running.ports, azure }, config(), { ...signal, about, revision: revision.name });

    expect([...running.rows.values()].map((row) => row.appId)).toEqual([appId]);
  });

  it('is looked up by its name where it has no id; a name that no app has opens nothing', async () => {
    const running = start();
    await handle(running, { ...signal, about: { kind: 'app-name', name: 'of-no-app' } });
    expect(storedKinds(running)).toEqual([]);

    await handle(running, { ...signal, about: { kind: 'app-name', name: 'ca-orders' } });
    expect(storedKinds(running)).toEqual(['opened']);
  });
});

describe('a signal of a target that has a remediation', () => {
  it('joins it', async () => {
    const running = start();
    await handle(running, signal);

    await handle(running, another());

    expect(storedKinds(running)).toEqual(['opened', 'signal-joined']);
  });

  it('joins once: delivered again, it only makes sure that a step is on its way', async () => {
    const running = start();
    await handle(running, signal);
    running.world.steps.length = 0;

    await handle(running, signal);

    expect(storedKinds(running)).toEqual(['opened']);
    expect(running.world.steps).toHaveLength(1);
  });

  it('asks for an earlier look than the one that is due, but not where it was fired before the last look', async () => {
    const observing = config({ PULLMEDIC_MODE: 'observe' });
    const running = memory(observing, roleMissing, nowMs);
    await running.deliver(signal);
    const dueAtMs = (): number => Math.min(...running.world.steps.map((sent) => sent.dueAtMs));
    expect(dueAtMs()).toBe(nowMs + 2 * minute);

    running.world.nowMs += 5000;
    await handle(running, another({ atMs: nowMs - minute }));
    expect(dueAtMs()).toBe(nowMs + 2 * minute);

    await handle(running, another({ id: 'alert|3', atMs: running.world.nowMs }));
    expect(dueAtMs()).toBe(nowMs + 30_000);
  });
});

describe('an echo of what has ended', () => {
  it('opens nothing: the remediation knew this signal, or looked after it was fired', async () => {
    const running = await ended();
    const count = storedKinds(running).length;

    await handle(running, signal);
    await handle(running, another({ atMs: nowMs }));

    expect(storedKinds(running)).toHaveLength(count);
  });

  it('is none where it was fired after the last look: then another remediation is opened', async () => {
    const running = await ended();
    running.world.nowMs += 10 * minute;

    await handle(running, another({ atMs: running.world.nowMs }));

    expect(storedKinds(running).filter((kind) => kind === 'opened')).toHaveLength(2);
  });
});

describe('a signal that cannot be handled now', () => {
  it('is delivered again by the queue where Azure does not answer', async () => {
    await expect(handle(start({ ...roleMissing, app: unreadable('timed-out') }), signal)).rejects.toBeInstanceOf(
      Unreachable,
    );
  });

  it('is sent again for later, and does not fail, where the requests are spent', async () => {
    const running = start({ ...roleMissing, app: unreadable('over-budget') });

    await handle(running, signal);

    expect(running.world.signals.map((sent) => sent.signal)).toEqual([signal]);
    const waitMs = (running.world.signals[0]?.dueAtMs ?? 0) - nowMs;
    expect(waitMs).toBeGreaterThanOrEqual(20_000);
    expect(waitMs).toBeLessThanOrEqual(40_000);
  });

  it('is sent again for later in a crowd, where others write to the same history all the time', async () => {
    const running = start();
    await handle(running, signal);
    const { history } = running.ports;
    Object.assign(running.ports, { history: { ...history, append: async () => 'taken' } });

    await handle(running, another());

    expect(running.world.signals.map((sent) => sent.signal.id)).toEqual(['alert|2']);
    expect(storedKinds(running)).toEqual(['opened']);
  });
});
