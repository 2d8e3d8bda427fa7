// The outbox: one writer of a version, found by its incident and by when it is due, in memory and in storage.
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import { outboxOf } from '../../../../src/lib/azure/store/outbox.ts';
import { connectTables, createTables, type Tables } from '../../../../src/lib/azure/store/store.ts';
import { newRow, type OutboxRow, type OutboxStore } from '../../../../src/lib/incidents/outbox.ts';
import type { IncidentId } from '../../../../src/lib/words/target.ts';
import { nowMs } from '../../facts.ts';
import { memoryOutbox } from '../../memory-outbox.ts';

const [one, two] = ['1', '2'].map((digit) => `i${digit.repeat(24)}` as IncidentId) as [IncidentId, IncidentId];

const full: OutboxRow = {
  incident: one,
  system: 'pager',
  dueAtMs: nowMs,
  awaits: { seq: 4, untilMs: nowMs + 1 },
  state: 'open',
  opening: 2,
  external: { id: '17', url: 'https://tickets.example/17', more: { channel: 'C1' } },
  toldSeq: 3,
  toldAtMs: nowMs - 1,
  asked: { 't1-4': 'reminded' },
  begun: {
    call: { do: 'ask', question: 't1-4', stage: 'reminded' },
    delivery: 'd',
    seq: 3,
    atMs: nowMs,
    leaseUntilMs: nowMs + 2,
    holder: 'h',
    again: true,
    receipt: 'r',
  },
  tries: 2,
  failure: { why: 'throttled', detail: 'HTTP 429', waitMs: 5, atMs: nowMs },
  dead: true,
};

async function tables(): Promise<Tables> {
  const made = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(made);
  return made;
}

const stores: readonly (readonly [string, () => Promise<OutboxStore>])[] = [
  ['in memory', async () => memoryOutbox()],
  ['in storage', async () => outboxOf((await tables()).outbox)],
];

describe.each(stores)('the outbox %s', (_where, open) => {
  it('reads a row back as it was written', async () => {
    const outbox = await open();
    expect(await outbox.read(one, 'pager')).toBeUndefined();
    await outbox.write(full, undefined);
    await outbox.write(newRow(one, 'chat'), undefined);

    expect((await outbox.read(one, 'pager'))?.value).toEqual(full);
    expect((await outbox.read(one, 'chat'))?.value).toEqual(newRow(one, 'chat'));
  });

  it('takes one of two writers of a version, also of the first one', async () => {
    const outbox = await open();
    expect(await outbox.write(full, undefined)).toBe('written');
    expect(await outbox.write({ ...full, tries: 3 }, undefined)).toBe('taken');
    const version = (await outbox.read(one, 'pager'))?.version;
    expect(await outbox.write({ ...full, tries: 4 }, version)).toBe('written');
    expect(await outbox.write({ ...full, tries: 5 }, version)).toBe('taken');
    expect((await outbox.read(one, 'pager'))?.value.tries).toBe(4);
  });

  it('finds the rows of one incident', async () => {
    const outbox = await open();
    for (const incident of [one, two])
      for (const system of ['pager', 'chat']) await outbox.write(newRow(incident, system), undefined);

    const found = await outbox.of(two);
    expect(found.map(({ value }) => `${value.incident} ${value.system}`).toSorted()).toEqual([
      `${two} chat`,
      `${two} pager`,
    ]);
    expect(
      await outbox.write(
        { ...newRow(two, 'chat'), tries: 1 },
        found.find(({ value }) => value.system === 'chat')?.version,
      ),
    ).toBe('written');
  });

  it('finds what is due, and what is due later or dead', async () => {
    const outbox = await open();
    await outbox.write({ ...newRow(one, 'a'), dueAtMs: nowMs }, undefined);
    await outbox.write({ ...newRow(one, 'b'), dueAtMs: nowMs + 1 }, undefined);
    await outbox.write({ ...newRow(one, 'c'), dead: true }, undefined);
    await outbox.write(newRow(one, 'd'), undefined);

    expect((await outbox.due(nowMs)).map(({ system }) => system)).toEqual(['a']);
    expect((await outbox.unfinished()).map(({ system }) => system).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('is not due any more once it was written without an instant', async () => {
    const outbox = await open();
    await outbox.write({ ...newRow(one, 'a'), dueAtMs: nowMs }, undefined);
    await outbox.write(newRow(one, 'a'), (await outbox.read(one, 'a'))?.version);

    expect(await outbox.due(nowMs)).toEqual([]);
  });

  it('keeps what stands in the way of a system', async () => {
    const outbox = await open();
    expect(await outbox.standing('pager')).toBeUndefined();
    const standing = {
      system: 'pager',
      refused: { sinceMs: 1, nextTryAtMs: 2, detail: 'HTTP 401' },
      pausedUntilMs: 3,
      offSinceMs: 4,
    };
    expect(await outbox.writeStanding(standing, undefined)).toBe('written');
    const stored = await outbox.standing('pager');
    if (stored === 'unreadable') throw new Error('the standing cannot be read');
    expect(stored?.value).toEqual(standing);
    expect(await outbox.writeStanding({ system: 'pager' }, stored?.version)).toBe('written');
    expect(await outbox.writeStanding(standing, stored?.version)).toBe('taken');
  });

  it('gives each try a name of its own', async () => {
    const outbox = await open();
    expect(outbox.newHolder()).not.toBe(outbox.newHolder());
  });
});

describe('a row of the outbox that cannot be read', () => {
  it('hides no other', async () => {
    const { outbox: table } = await tables();
    const outbox = outboxOf(table);
    await outbox.write({ ...newRow(one, 'a'), dueAtMs: nowMs }, undefined);
    for (const [rowKey, row] of [
      ['x', '{'],
      ['y', '{"incident":"i1"}'],
      ['z', JSON.stringify({ ...full, state: 'new-state' })],
    ] as const)
      await table.createEntity({ partitionKey: 'outbox', rowKey: `${one}|${rowKey}`, row, dead: false, dueAtMs: '1' });

    expect((await outbox.of(one)).map(({ value }) => value.system)).toEqual(['a']);
    expect((await outbox.due(nowMs)).map(({ system }) => system)).toEqual(['a']);
    expect(await outbox.read(one, 'z')).toBeUndefined();
    expect((await outbox.unreadable()).toSorted()).toEqual(['x', 'y', 'z']);
  });

  it('is one that stands under the keys of another', async () => {
    const { outbox: table } = await tables();
    const row = JSON.stringify(newRow(one, 'chat'));
    await table.createEntity({ partitionKey: 'outbox', rowKey: `${one}|pager`, row, dead: false, dueAtMs: '1' });

    expect(await outboxOf(table).read(one, 'pager')).toBeUndefined();
    expect(await outboxOf(table).of(one)).toEqual([]);
  });

  it('is set aside, counted once, and keeps its content', async () => {
    const { outbox: table } = await tables();
    const outbox = outboxOf(table);
    const keys = { partitionKey: 'outbox', rowKey: `${one}|pager` };
    await table.createEntity({ ...keys, row: '{"of":"a newer version"}' });
    expect(await outbox.unreadable()).toEqual([]);

    expect(await outbox.setAside(one, 'pager')).toBe('set-aside');
    expect(await outbox.setAside(one, 'pager')).toBe('set-aside');
    expect(await outbox.unreadable()).toEqual(['pager']);
    expect(await table.getEntity('outbox', keys.rowKey)).toMatchObject({ row: '{"of":"a newer version"}' });

    // The newer version writes it as this one can read it again.
    await table.updateEntity({ ...keys, row: JSON.stringify(newRow(one, 'pager')) }, 'Merge');
    expect(await outbox.unreadable()).toEqual([]);
  });

  it('is not one that can be read, or that is not there', async () => {
    const outbox = outboxOf((await tables()).outbox);
    await outbox.write({ ...newRow(one, 'pager'), dueAtMs: nowMs }, undefined);

    expect(await outbox.setAside(one, 'pager')).toBe('not-there');
    expect(await outbox.setAside(one, 'chat')).toBe('not-there');
    expect(await outbox.unreadable()).toEqual([]);
  });
});
