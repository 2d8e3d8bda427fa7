// A signal that comes while a look is under way: nothing ends on a look that may not have seen what it told.
import { describe, expect, it } from 'vitest';
import { type CountedSignal, withCounted } from '../../../src/lib/history/counted-signals.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { config, minute, nowMs, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { storedKinds } from '../stored.ts';

const began = nowMs + minute;
const onePass = ['looked', 'decided'] as const;

/** An app that was deleted since its signals came: the look that begins a minute later closes its remediation. */
async function gone(signals = 1): Promise<Memory> {
  const running = memory(config(), roleMissing, nowMs);
  for (let place = 1; place <= signals; place += 1)
    await handleSignal(running.ports, config(), { ...signal, id: `alert|${place}` });
  running.world.nowMs = began;
  running.world.evidence = { ...roleMissing, app: known('gone') };
  return running;
}

function rowOf(running: Memory): IndexRow {
  const [row] = running.rows.values();
  if (row === undefined) throw new Error('There is no row.');
  return row;
}

/** What is recorded from then on, where this happens once the look has begun. */
async function entriesAfter(running: Memory, during: () => void): Promise<readonly string[]> {
  const before = storedKinds(running).length;
  running.world.before = (call) => {
    if (call !== 'probe.app') return;
    running.world.before = () => undefined;
    during();
  };
  await running.settle();
  return storedKinds(running).slice(before);
}

describe('a remediation whose last look is under way', () => {
  const joins = async (more: Partial<Signal>): Promise<readonly string[]> => {
    const running = await gone();
    const joined = { ...signal, id: 'alert|meanwhile', atMs: began, ...more };
    return entriesAfter(running, () => {
      void running.histories.append(rowOf(running).targetId, 1, { kind: 'signal-joined', signal: joined });
    });
  };

  it('ends on that look where no signal comes meanwhile', async () => {
    expect(await entriesAfter(await gone(), () => undefined)).toEqual([...onePass, 'closed']);
  });

  it('is looked at once more where a signal comes meanwhile: an alert fires once', async () => {
    expect(await joins({})).toEqual(['signal-joined', ...onePass, ...onePass, 'closed']);
    expect(await joins({ atMs: began - 10_000 })).toEqual(['signal-joined', ...onePass, ...onePass, 'closed']);
  });

  it('ends on that look where the signal was fired before it, or says that something is resolved', async () => {
    expect(await joins({ atMs: began - 10_001 })).toEqual(['signal-joined', ...onePass, 'closed']);
    expect(await joins({ joinOnly: true })).toEqual(['signal-joined', ...onePass, 'closed']);
  });

  it('is looked at once more too where the signal only repeats what is known, and is counted', async () => {
    const counts = async (more: Partial<CountedSignal>): Promise<readonly string[]> => {
      const running = await gone(21);
      const { remediation } = rowOf(running);
      const { counted, version } = await running.ports.counted.read(remediation);
      const one = { id: 'meanwhile', atMs: began, countedAtMs: began, ...more };
      return entriesAfter(running, () => {
        void running.ports.counted.write(remediation, withCounted(counted, one), version);
      });
    };

    expect(await counts({})).toEqual([...onePass, ...onePass, 'closed']);
    expect(await counts({ atMs: began - 10_001 })).toEqual([...onePass, 'closed']);
    expect(await counts({ joinOnly: true })).toEqual([...onePass, 'closed']);
  });
});
