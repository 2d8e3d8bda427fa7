// The figures in storage: the latest first, bounded, and a row that cannot be read hides no other.
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import { figuresIn } from '../../../../src/lib/azure/store/figures-rows.ts';
import { connectTables, createTables, type Tables } from '../../../../src/lib/azure/store/store.ts';
import type { Figures } from '../../../../src/lib/history/figures.ts';
import { nowMs } from '../../facts.ts';
import { figures } from '../../figures.ts';
import { memoryFigures } from '../../memory-ports.ts';

async function tables(): Promise<Tables> {
  const made = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(made);
  return made;
}

const ids = (found: readonly Figures[]): string[] => found.map(({ remediation }) => remediation);

describe.each([
  ['in storage', async () => figuresIn((await tables()).index)],
  ['in memory', async () => memoryFigures()],
])('figures %s', (_where, make) => {
  it('come back as they were written, the latest opening first', async () => {
    const rows = await make();
    const [early, late] = [
      figures({ ordinal: 1, openedAtMs: nowMs - 5000 }),
      figures({
        ordinal: 2,
        refused: ['mode: observe'],
        closed: { how: 'recovered', because: 'pulled-and-ready', atMs: nowMs },
      }),
    ];
    await rows.put(late);
    await rows.put(early);

    expect(await rows.latest(10)).toEqual({ figures: [late, early], skipped: 0, more: false });
  });

  it('are one row for each remediation, however often they are written', async () => {
    const rows = await make();
    const asked = figures({ askedAtMs: nowMs });
    await rows.put(figures());
    await rows.put(asked);
    await rows.put(asked);

    expect((await rows.latest(10)).figures).toEqual([asked]);
  });

  it('are no more than were asked for, and it is said that there are older ones', async () => {
    const rows = await make();
    for (const ordinal of [1, 2, 3]) await rows.put(figures({ ordinal, openedAtMs: nowMs + ordinal }));

    const two = await rows.latest(2);
    expect([two.figures.length, two.more]).toEqual([2, true]);
    expect((await rows.latest(3)).more).toBe(false);
  });
});

describe('a row of figures that cannot be read', () => {
  it.each([
    ['no JSON', 'figures of'],
    ['another shape', '{"openedAtMs":"yesterday"}'],
    ['an id that is none', JSON.stringify({ ...figures(), remediation: 'x' })],
  ])('(%s) is counted, and hides no other', async (_what, text) => {
    const { index: table } = await tables();
    const rows = figuresIn(table);
    const [bad, good] = [figures({ ordinal: 1 }), figures({ ordinal: 2 })];
    await rows.put(bad);
    await rows.put(good);
    const rowKey = (await keysOf(table)).find((key) => key.endsWith(bad.remediation)) ?? '';
    await table.updateEntity({ partitionKey: 'figures', rowKey, figures: text }, 'Replace');

    const read = await rows.latest(10);
    expect([ids(read.figures), read.skipped]).toEqual([[good.remediation], 1]);
  });
});

describe('the figures of a remediation', () => {
  it('that did not change are not written again by the same process', async () => {
    const { index: table } = await tables();
    const rows = figuresIn(table);
    await rows.put(figures());
    const [rowKey = ''] = await keysOf(table);
    await table.deleteEntity('figures', rowKey);
    await rows.put(figures());

    expect(await keysOf(table)).toEqual([]);
    // Another process knows nothing of it, and writes.
    await figuresIn(table).put(figures());
    expect(await keysOf(table)).toEqual([rowKey]);
  });
});

async function keysOf(table: Tables['index']): Promise<string[]> {
  const keys: string[] = [];
  for await (const { rowKey } of table.listEntities({ queryOptions: { filter: "PartitionKey eq 'figures'" } }))
    keys.push(rowKey ?? '');
  return keys;
}
