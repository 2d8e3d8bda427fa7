// A signal that only repeats what is known is counted once, with what it told.
import { describe, expect, it } from 'vitest';
import { keptSignals } from '../../../src/lib/history/counted-signals.ts';
import { liveOf } from '../../../src/lib/history/queries.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { countSignal, latestCounted, shortNameOf } from '../../../src/lib/intake/count-signal.ts';
import { Later } from '../../../src/lib/ports/steering.ts';
import { config, history, nowMs, roleMissing, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

function remediationWith(signals: number): Remediation {
  const live = liveOf(history());
  if (live === undefined) throw new Error('It goes on.');
  return { ...live, signals: Array.from({ length: signals }, (_, at) => ({ ...signal, id: `alert|${at}` })) };
}

const start = () => memory(config(), roleMissing, nowMs);

describe('a counted signal', () => {
  it('is known by a short name, with what it told', async () => {
    const { ports } = start();
    const live = remediationWith(keptSignals);
    const resolved = { ...signal, id: 'alert|resolved', revision: 'r1', joinOnly: true as const };

    expect(await countSignal(ports, live, signal)).toBe('counted');
    expect(await countSignal(ports, live, resolved)).toBe('counted');
    expect(await latestCounted(ports, live)).toEqual(
      expect.arrayContaining([
        { id: shortNameOf(ports, signal), atMs: signal.atMs, countedAtMs: nowMs },
        { id: shortNameOf(ports, resolved), atMs: signal.atMs, countedAtMs: nowMs, revision: 'r1', joinOnly: true },
      ]),
    );
    for (const one of await latestCounted(ports, live)) expect(Object.values(one)).not.toContain(undefined);
    expect(shortNameOf(ports, signal)).toHaveLength(12);
  });

  it('is counted once', async () => {
    const { ports } = start();
    const live = remediationWith(keptSignals);
    await countSignal(ports, live, signal);

    expect(await countSignal(ports, live, signal)).toBe('again');
    expect(await latestCounted(ports, live)).toHaveLength(1);
  });

  it('is not asked for where the remediation keeps all its signals', async () => {
    const { ports, world } = start();
    const calls: string[] = [];
    world.before = (call) => void calls.push(call);

    expect(await latestCounted(ports, remediationWith(keptSignals - 1))).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('is put off where others count at the same moment four times in a row', async () => {
    const { ports } = start();
    let tries = 0;
    const write = async () => {
      tries += 1;
      return 'taken' as const;
    };
    const counted = { ...ports.counted, write };

    await expect(countSignal({ ...ports, counted }, remediationWith(keptSignals), signal)).rejects.toBeInstanceOf(
      Later,
    );
    expect(tries).toBe(4);
  });
});
