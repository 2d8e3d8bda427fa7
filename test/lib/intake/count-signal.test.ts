// Signals that repeat what is known are counted beside the history: each once, also when it comes twice, in a crowd, or as the remediation ends.
import { describe, expect, it } from 'vitest';
import { showRemediation } from '../../../src/lib/console/views.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { config, minute, nowMs, readyReplica, roleMissing, signal, target } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { onlyRemediation, storedKinds } from '../stored.ts';

const observing = config({ PULLMEDIC_MODE: 'observe' });
const recovered = { ...roleMissing, logs: known([]), revisions: known([]), replicas: known([readyReplica]) };
const handle = ({ ports }: Memory, one: Signal): Promise<void> => handleSignal(ports, observing, one);
const numbered = (place: number, more: Partial<Signal> = {}): Signal => ({ ...signal, id: `alert|${place}`, ...more });
const count = (running: Memory, kind: Entry['kind']): number =>
  storedKinds(running).filter((one) => one === kind).length;

/** A remediation that holds twenty signals, the first of them its opening. */
async function full(): Promise<Memory> {
  const running = memory(observing, roleMissing, nowMs);
  for (let place = 1; place <= 20; place += 1) await handle(running, numbered(place));
  expect(count(running, 'signal-joined')).toBe(19);
  running.world.steps.length = 0;
  return running;
}

describe('the twenty-first signal that tells nothing new', () => {
  it('is counted, not kept: the page says how many there were, and when the last one came', async () => {
    const running = await full();
    running.world.nowMs += minute;

    for (let place = 21; place <= 320; place += 1) await handle(running, numbered(place));

    expect(storedKinds(running)).toHaveLength(20);
    expect(await onlyRemediation(running)).toMatchObject({
      signals: 320,
      repeated: { count: 300, lastAtMs: nowMs + minute },
    });
  });

  it('is counted once when it is delivered twice, and its step is sent again', async () => {
    const running = await full();
    const late = numbered(21, { atMs: nowMs + minute });

    await handle(running, late);
    await handle(running, late);

    expect((await onlyRemediation(running)).signals).toBe(21);
    expect(running.world.steps).toHaveLength(2);
  });

  it('asks for one look together with the next ones, and one of another revision or of a person asks for its own', async () => {
    const running = await full();
    running.world.nowMs += minute;
    const late = { atMs: nowMs + minute };

    for (let place = 21; place <= 24; place += 1) await handle(running, numbered(place, late));
    expect(running.world.steps).toHaveLength(1);

    await handle(running, numbered(25, { ...late, via: 'operator' }));
    await handle(running, numbered(26, { ...late, joinOnly: true }));
    expect(running.world.steps).toHaveLength(3);
  });

  it('of a person asks each time, and one about a revision asks unless a counted one about it has', async () => {
    const running = await full();
    running.world.nowMs += minute;
    const { steps } = running.world;
    let joined = 0;
    Object.assign(running.ports, { log: (event: string) => void (joined += event === 'remediation-joined' ? 1 : 0) });
    const asks = async (place: number, more: Partial<Signal> = {}): Promise<number> => {
      const before = steps.length;
      await handle(running, numbered(place, { atMs: nowMs + minute, ...more }));
      return steps.length - before;
    };

    expect([await asks(21), await asks(22)]).toEqual([1, 0]);
    await asks(23, { via: 'operator' });
    expect([await asks(24, { via: 'operator' }), await asks(25, { via: 'operator' })]).toEqual([1, 1]);
    await asks(26, { revision: 'r2' });
    expect([await asks(27, { revision: 'r2' }), await asks(28, { revision: 'r2' })]).toEqual([1, 0]);
    expect(joined).toBe(8);
  });

  it('asks for a look again after the one that it asked for', async () => {
    const running = await full();
    running.world.nowMs += minute;
    await handle(running, numbered(21, { atMs: running.world.nowMs }));
    await running.pass(2 * minute);
    running.world.steps.length = 0;
    await handle(running, numbered(22, { atMs: running.world.nowMs }));
    await handle(running, numbered(23, { atMs: running.world.nowMs }));

    expect(running.world.steps).toHaveLength(1);
  });

  it('asks for its own look where the counted one asked for none, or for a later look', async () => {
    const asks = async (first: { afterMs: number; firedMs: number }): Promise<number[]> => {
      const running = await full();
      running.world.nowMs = nowMs + first.afterMs;
      await handle(running, numbered(21, { atMs: nowMs + first.firedMs }));
      const before = running.world.steps.length;
      running.world.nowMs = nowMs + minute;
      await handle(running, numbered(22, { atMs: nowMs + minute }));
      return [before, running.world.steps.length - before];
    };

    expect(await asks({ afterMs: minute, firedMs: 1 })).toEqual([1, 0]);
    // Fired before the opening: the first look answers it.
    expect(await asks({ afterMs: minute, firedMs: 0 })).toEqual([0, 1]);
    // Counted by a host whose clock is ahead.
    expect(await asks({ afterMs: 2 * minute, firedMs: minute })).toEqual([1, 1]);
  });

  it('asks for its own look where the other one was counted up to the very instant of the last look', async () => {
    const asks = async (sinceLookMs: number): Promise<number> => {
      const running = await full();
      const countAnother = (place: number) => handle(running, numbered(place, { atMs: running.world.nowMs }));
      running.world.nowMs += minute;
      await countAnother(21);
      const [look] = running.world.steps;
      if (look === undefined) throw new Error('It asked for a look.');
      const lastMs = look.dueAtMs + Math.min(sinceLookMs, 0);
      await running.pass(lastMs - 1 - running.world.nowMs);
      running.world.nowMs = lastMs;
      if (sinceLookMs <= 0) await countAnother(22);
      await running.pass(look.dueAtMs + Math.max(sinceLookMs, 0) - lastMs);
      if (sinceLookMs > 0) await countAnother(22);
      running.world.steps.length = 0;
      await countAnother(23);
      return running.world.steps.length;
    };

    expect([await asks(-5000), await asks(0), await asks(1)]).toEqual([1, 1, 0]);
  });

  it('is counted once where the host dies between the count and the step', async () => {
    const running = await full();
    const late = numbered(21, { atMs: nowMs + minute });
    running.world.before = (call) => {
      if (call === 'queue.sendStep') throw new Error('the host dies');
    };
    await expect(handle(running, late)).rejects.toThrow('the host dies');
    running.world.before = () => undefined;

    await handle(running, late);

    expect((await onlyRemediation(running)).signals).toBe(21);
    expect(running.world.steps).toHaveLength(1);
  });

  it('is counted once where two hosts count at the same moment', async () => {
    const running = await full();

    await Promise.all([21, 22, 23].map((place) => handle(running, numbered(place))));

    expect((await onlyRemediation(running)).signals).toBe(23);
  });

  it('is sent again for later in a crowd', async () => {
    const running = await full();
    Object.assign(running.ports, { counted: { ...running.ports.counted, write: async () => 'taken' } });

    await handle(running, numbered(21));

    expect(running.world.signals.map((sent) => sent.signal.id)).toEqual(['alert|21']);
    expect((await onlyRemediation(running)).signals).toBe(20);
  });

  it('does not make the app be read again: a counted one of the same time told which images fail', async () => {
    const running = await full();
    const later = { revision: 'r2', atMs: nowMs + 60 * minute };
    for (let place = 21; place <= 22; place += 1) await handle(running, numbered(place, later));
    let reads = 0;
    running.world.before = (call) => {
      if (call === 'probe.app') reads += 1;
    };

    await handle(running, numbered(23, { revision: 'r2', atMs: later.atMs + 4 * minute }));
    expect(reads).toBe(0);

    await handle(running, numbered(24, { revision: 'r2', atMs: later.atMs + 30 * minute }));
    expect(reads).toBeGreaterThan(0);
  });

  it('and one about another revision is kept', async () => {
    const running = await full();

    await handle(running, numbered(21, { revision: 'another' }));

    expect(count(running, 'signal-joined')).toBe(20);
    expect(await onlyRemediation(running)).not.toHaveProperty('repeated');
  });
});

describe('a counted signal and the end of its remediation', () => {
  async function add(running: Memory, ...entries: Entry[]): Promise<void> {
    const [target = ''] = running.histories.all.keys();
    for (const entry of entries)
      await running.histories.append(target, running.histories.all.get(target)?.length ?? 0, entry);
  }

  /** The remediation ends, and its row says so. */
  async function end(running: Memory): Promise<void> {
    await add(running, { kind: 'closed', how: 'withdrawn', because: 'superseded' });
    for (const row of running.rows.values()) await running.ports.index.put({ ...row, closed: true });
  }

  /** The remediation ends, and another one begins, which joins as many signals. */
  async function beginAnother(running: Memory): Promise<void> {
    await add(running, { kind: 'closed', how: 'withdrawn', because: 'superseded' });
    await add(running, { kind: 'opened', target, signal, mode: 'observe' });
    for (let place = 2; place <= 20; place += 1) await add(running, { kind: 'signal-joined', signal: numbered(place) });
  }

  /** The remediation ends while a host is counting. */
  async function endedMeanwhile(running: Memory): Promise<void> {
    const { counted } = running.ports;
    let ends = true;
    Object.assign(running.ports, {
      counted: {
        ...counted,
        write: async (...written: Parameters<typeof counted.write>) => {
          if (ends) {
            ends = false;
            const [target] = running.histories.all.keys();
            const after = running.histories.all.get(target ?? '')?.length ?? 0;
            const closed: Entry = { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' };
            await running.ports.history.append(target ?? '', after, closed);
          }
          return counted.write(...written);
        },
      },
    });
  }

  it('a signal that is counted as the remediation ends opens another one: it is not lost', async () => {
    const running = await full();
    await endedMeanwhile(running);

    await handle(running, numbered(21, { atMs: nowMs + 5 * minute }));

    expect(count(running, 'opened')).toBe(2);
  });

  it('a signal that was counted exactly a minute before the end may open another one, and none a moment earlier', async () => {
    const opensAfter = async (ms: number): Promise<number> => {
      const running = await full();
      await running.settle();
      const repeated = numbered(21, { atMs: nowMs + 5 * minute });
      await handle(running, repeated);
      running.world.nowMs += ms;
      running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
      await end(running);
      await handle(running, repeated);
      return count(running, 'opened');
    };

    expect(await opensAfter(minute)).toBe(2);
    expect(await opensAfter(minute + 1)).toBe(1);
  });

  it('a signal that meets the end of four remediations in a row is sent again for later', async () => {
    const running = await full();
    const { counted } = running.ports;
    let counts = 0;
    Object.assign(running.ports, {
      counted: {
        ...counted,
        write: async (...written: Parameters<typeof counted.write>) => {
          counts += 1;
          if (counts <= 6) await beginAnother(running);
          return counted.write(...written);
        },
      },
    });
    const late = numbered(21, { atMs: nowMs + 5 * minute });
    await handle(running, late);

    expect(counts).toBe(4);
    expect(running.world.signals.map((sent) => sent.signal)).toEqual([late]);
  });

  it('a signal that was counted long before the end, and is delivered again, opens none', async () => {
    const running = await full();
    const late = numbered(21, { atMs: nowMs + 24 * 60 * minute });
    await handle(running, late);
    running.world.evidence = recovered;
    running.world.steps.push({
      step: { targetId: [...running.rows.values()][0]?.targetId ?? ('' as never), seq: 20, wake: false },
      dueAtMs: nowMs,
    });
    await running.pass(60 * minute);
    expect(count(running, 'closed')).toBe(1);

    await handle(running, late);
    expect(count(running, 'opened')).toBe(1);

    await handle(running, numbered(22, { atMs: late.atMs }));
    expect(count(running, 'opened')).toBe(2);
  });
});

describe('a failure that is told each minute for six hours', () => {
  it('leaves twenty signals and 87 looks: each signal asks for one at first, and later few do', async () => {
    const running = memory(observing, roleMissing, nowMs);
    for (let place = 0; place < 6 * 60; place += 1) {
      await running.deliver(numbered(place, { atMs: running.world.nowMs }));
      await running.pass(minute);
    }

    expect(count(running, 'signal-joined')).toBe(19);
    expect(count(running, 'looked')).toBe(87);
    expect(await onlyRemediation(running)).toMatchObject({ signals: 360, repeated: { count: 340 } });
  });
});

describe('an old history with many joined signals', () => {
  it('reads with all of them; the next one is counted', async () => {
    const running = await full();
    const [target] = running.histories.all.keys();
    for (let place = 21; place <= 3000; place += 1)
      await running.ports.history.append(target ?? '', place - 1, { kind: 'signal-joined', signal: numbered(place) });

    await handle(running, numbered(3001));

    expect(await onlyRemediation(running)).toMatchObject({ signals: 3001, repeated: { count: 1 } });
    expect((await showRemediation(running.ports, `${target ?? ''}.1`))?.entries).toHaveLength(3000);
  });
});
