// The seals of forms: one key for all instances, each seal counted once, and no form without the key, in memory and in storage.
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import { formSealsOf } from '../../../../src/lib/azure/store/form-seals.ts';
import { connectTables, createTables, type Tables } from '../../../../src/lib/azure/store/store.ts';
import type { FormSeals } from '../../../../src/lib/ports/form-seals.ts';
import { known } from '../../../../src/lib/words/fact.ts';
import { nowMs } from '../../facts.ts';
import { memoryFormSeals } from '../../memory-form-seals.ts';

async function tables(): Promise<Tables> {
  const made = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(made);
  return made;
}

async function sealOf(seals: FormSeals['seals'], text: string): Promise<string> {
  const seal = await seals.seal(text);
  if (!seal.read) throw new Error(seal.why);
  return seal.value;
}

const stores: readonly (readonly [string, () => Promise<FormSeals['seals']>])[] = [
  ['in memory', async () => memoryFormSeals()],
  ['in storage', async () => formSealsOf((await tables()).controls)],
];

describe.each(stores)('the seals of forms %s', (_where, open) => {
  it('fit their text and no other, and nothing else fits', async () => {
    const seals = await open();
    const seal = await sealOf(seals, 'a');

    expect(seal).toMatch(/^[0-9a-f]{64}$/);
    expect(await seals.isSealOf('a', seal)).toEqual(known(true));
    for (const [text, other] of [
      ['b', seal],
      ['a', ''],
      ['a', seal.slice(1)],
      ['a', `${seal}0`],
      ['a', seal.toUpperCase().replace(/^./, 'z')],
    ] as const)
      expect(await seals.isSealOf(text, other)).toEqual(known(false));
  });

  it('are used up once, also by two at the same moment', async () => {
    const seals = await open();
    const [one, two] = [await sealOf(seals, '1'), await sealOf(seals, '2')];
    const both = await Promise.all([seals.useUp(one, nowMs), seals.useUp(one, nowMs)]);

    expect(both.toSorted()).toEqual(['used-before', 'used-up']);
    expect(await seals.useUp(two, nowMs)).toBe('used-up');
    expect(await seals.useUp(one, nowMs)).toBe('used-before');
  });
});

describe('the key of the seals in storage', () => {
  it('is the same for all instances, also where two make it at the same moment', async () => {
    const { controls } = await tables();
    const [one, two] = [formSealsOf(controls), formSealsOf(controls)];
    const [first, second] = await Promise.all([sealOf(one, 'a'), sealOf(two, 'a')]);

    expect(first).toBe(second);
    expect(await formSealsOf(controls).isSealOf('a', first)).toEqual(known(true));
  });

  it('is another one in another storage account', async () => {
    const one = formSealsOf((await tables()).controls);
    const other = formSealsOf((await tables()).controls);

    expect(await other.isSealOf('a', await sealOf(one, 'a'))).toEqual(known(false));
  });

  it('that a person removes makes every seal worthless, and the next form makes another', async () => {
    const { controls } = await tables();
    const seals = formSealsOf(controls);
    const before = await sealOf(seals, 'a');
    await controls.deleteEntity('form-seals', 'key');

    expect(await seals.isSealOf('a', before)).toEqual(known(false));
    expect(await sealOf(seals, 'a')).not.toBe(before);
  });

  it.each(['', 'short', 'g'.repeat(64)])('that reads "%s" seals nothing and lets nothing act', async (key) => {
    const { controls } = await tables();
    await controls.createEntity({ partitionKey: 'form-seals', rowKey: 'key', key });
    const seals = formSealsOf(controls);

    expect((await seals.seal('a')).read).toBe(false);
    expect((await seals.isSealOf('a', 'b')).read).toBe(false);
  });

  it('that cannot be read seals nothing and lets nothing act', async () => {
    const seals = formSealsOf(connectTables(memoryStorage(() => nowMs).connection).controls);

    expect((await seals.seal('a')).read).toBe(false);
    expect((await seals.isSealOf('a', 'b')).read).toBe(false);
    await expect(seals.useUp('a', nowMs)).rejects.toThrow(/./);
  });

  it('keeps used-up seals for an hour after the form expired, and removes them with later answers', async () => {
    const { controls } = await tables();
    const seals = formSealsOf(controls);
    const hour = 60 * 60_000;
    const count = async (): Promise<number> => {
      let rows = 0;
      const filter = "PartitionKey eq 'form-seals-used-up'";
      for await (const _ of controls.listEntities({ queryOptions: { filter } })) rows += 1;
      return rows;
    };
    for (const at of [0, 1, 2]) await seals.useUp(String(at).repeat(64), nowMs + at);
    await seals.useUp('3'.repeat(64), nowMs + hour);
    expect(await count()).toBe(4);
    await seals.useUp('4'.repeat(64), nowMs + hour + 2);

    expect(await count()).toBe(3);
    expect(await seals.useUp('3'.repeat(64), nowMs + hour)).toBe('used-before');
  });
});
