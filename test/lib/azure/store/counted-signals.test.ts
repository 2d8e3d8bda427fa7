// The counted signals of a remediation: one writer of a version, read back as they were written, in memory and in storage.
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import { countedSignalsOf } from '../../../../src/lib/azure/store/counted-signals.ts';
import { indexOf } from '../../../../src/lib/azure/store/index-rows.ts';
import { connectTables, createTables, type Tables } from '../../../../src/lib/azure/store/store.ts';
import type { CountedSignals } from '../../../../src/lib/history/counted-signals.ts';
import { noneCounted, withCounted } from '../../../../src/lib/history/counted-signals.ts';
import type { Ports } from '../../../../src/lib/ports/ports.ts';
import { remediationIdOf } from '../../../../src/lib/words/target.ts';
import { nowMs, targetId } from '../../facts.ts';
import { memoryCounts } from '../../memory-ports.ts';

async function tables(): Promise<Tables> {
  const made = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(made);
  return made;
}

const [first, second] = [remediationIdOf(targetId, 1), remediationIdOf(targetId, 2)];

/** Signals with the longest name of a revision that there is, every other one about no revision. */
function counted(count: number): CountedSignals {
  return Array.from({ length: count }, (_, place) => ({
    id: `abcdef${String(place).padStart(6, '0')}`,
    atMs: nowMs + place,
    countedAtMs: nowMs + place + 1,
    ...(place % 2 === 0 ? { revision: 'r'.repeat(62) } : { joinOnly: true as const }),
  })).reduce(withCounted, noneCounted);
}

const stores: readonly (readonly [string, () => Promise<Ports['counted']>])[] = [
  ['in memory', async () => memoryCounts()],
  ['in storage', async () => countedSignalsOf((await tables()).index)],
];

describe.each(stores)('the counted signals of a remediation %s', (_where, open) => {
  it('are none before the first; then they are read back as they were written', async () => {
    const store = await open();
    expect(await store.read(first)).toEqual({ counted: noneCounted });

    await store.write(first, counted(43_180), undefined);

    expect((await store.read(first)).counted).toEqual(counted(43_180));
    expect(await store.read(second)).toEqual({ counted: noneCounted });
  });

  it('are written by one writer of a version', async () => {
    const store = await open();
    expect(await store.write(first, counted(1), undefined)).toBe('written');
    expect(await store.write(first, counted(2), undefined)).toBe('taken');
    const { version } = await store.read(first);
    expect(await store.write(first, counted(3), version)).toBe('written');

    expect(await store.write(first, counted(4), version)).toBe('taken');
    expect((await store.read(first)).counted.count).toBe(3);
  });
});

describe('the counted signals in storage', () => {
  it('keep their number where the details cannot be read', async () => {
    const { index } = await tables();
    await index.upsertEntity({ partitionKey: 'counted-signals', rowKey: first, count: 7, recent: '[["x"' }, 'Replace');

    expect((await countedSignalsOf(index).read(first)).counted).toEqual({ count: 7, recent: [] });
  });

  it('are no row of the index, and none that it cannot read', async () => {
    const { index } = await tables();
    await countedSignalsOf(index).write(first, counted(1), undefined);

    expect(await indexOf(index).all()).toEqual([]);
    expect((await indexOf(index).listLive()).skipped).toBe(0);
  });

  it('fail where the table is missing: no signal is taken for the first', async () => {
    const { index } = connectTables(memoryStorage(() => nowMs).connection);

    await expect(countedSignalsOf(index).read(first)).rejects.toMatchObject({ statusCode: 404 });
  });
});
