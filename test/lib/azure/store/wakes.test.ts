// The plan of wake-ups: one writer of a version, read back as it was written, in memory and in storage.
import type { TableClient } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import { connectTables, createTables, type Tables } from '../../../../src/lib/azure/store/store.ts';
import { wakesOf } from '../../../../src/lib/azure/store/wakes.ts';
import type { PlannedLook, Ports } from '../../../../src/lib/ports/ports.ts';
import type { RemediationId } from '../../../../src/lib/words/target.ts';
import { nowMs } from '../../facts.ts';
import { memoryWakes } from '../../memory-ports.ts';

async function tables(): Promise<Tables<TableClient>> {
  const made = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(made);
  return made;
}

function looks(count: number): PlannedLook[] {
  return Array.from({ length: count }, (_, index) => ({
    remediation: `t${String(index).padStart(24, '0')}.1` as RemediationId,
    dueAtMs: nowMs + index,
    by: 'abcdef01',
  }));
}

const stores: readonly (readonly [string, () => Promise<Ports['wakes']>])[] = [
  ['in memory', async () => memoryWakes()],
  ['in storage', async () => wakesOf((await tables()).controls)],
];

describe.each(stores)('the plan %s', (_where, open) => {
  it('is empty at first, and is read back as it was written', async () => {
    const wakes = await open();
    expect(await wakes.read()).toEqual({ looks: [] });
    await wakes.write(looks(900), undefined);

    expect((await wakes.read()).looks).toEqual(looks(900));
  });

  it('takes one of two writers of a version, also of the first one', async () => {
    const wakes = await open();
    expect(await wakes.write(looks(1), undefined)).toBe('written');
    expect(await wakes.write(looks(2), undefined)).toBe('taken');
    const { version } = await wakes.read();
    expect(await wakes.write(looks(3), version)).toBe('written');

    expect(await wakes.write(looks(4), version)).toBe('taken');
    expect((await wakes.read()).looks).toHaveLength(3);
  });
});

describe('the plan in storage', () => {
  it('is empty where its row is spoiled, and can be written again', async () => {
    const { controls } = await tables();
    const wakes = wakesOf(controls);
    await controls.upsertEntity({ partitionKey: 'controls', rowKey: 'wakes', part0: '[["x"' }, 'Replace');
    const { looks: read, version } = await wakes.read();
    expect(read).toEqual([]);

    expect(await wakes.write(looks(1), version)).toBe('written');
  });

  it('keeps the looks that come first, where there are more than a row holds', async () => {
    const { controls } = await tables();
    const wakes = wakesOf(controls);
    await wakes.write(looks(9000).reverse(), undefined);

    expect((await wakes.read()).looks).toEqual(looks(4000));
  });

  it('throws where storage does not answer', async () => {
    const { controls } = await tables();
    await controls.deleteTable();

    await expect(wakesOf(controls).read()).rejects.toMatchObject({ statusCode: 404 });
  });
});
