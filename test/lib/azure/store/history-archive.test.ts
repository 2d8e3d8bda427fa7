// Entries move into the archive, and no crash, no second instance and no entry that comes meanwhile makes the history another one.

import { RestError } from '@azure/core-rest-pipeline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppendBlobs } from '../../../../src/lib/azure/clients/append-blobs.ts';
import type { Table } from '../../../../src/lib/azure/clients/table.ts';
import { blobOf } from '../../../../src/lib/azure/store/archive-text.ts';
import { emptyChain, hashOf, rowKey, rowOfLink } from '../../../../src/lib/azure/store/chain.ts';
import { archiveIn, moveToArchive } from '../../../../src/lib/azure/store/history-archive.ts';
import { ledger } from '../../../../src/lib/azure/store/store.ts';
import { archivableUpTo } from '../../../../src/lib/history/archivable.ts';
import type { Entry } from '../../../../src/lib/history/entries.ts';
import { foldTarget } from '../../../../src/lib/history/fold.ts';
import { parseTargetId } from '../../../../src/lib/words/target.ts';
import { closed, looked, opened } from '../../console-entries.ts';
import { type Kept, keptHistory, kinds, partition, wholeRemediation } from './chained.ts';

const later: Entry = { kind: 'put-off', because: 'over-budget', dueAtMs: 5 };
const everything = Number.MAX_SAFE_INTEGER;
const move = ({ table, blobs }: Pick<Kept, 'table'> & { blobs: AppendBlobs }, beforeMs = everything) =>
  moveToArchive(table, blobs, partition, (entries) => archivableUpTo(entries, beforeMs));

/** What a reader gets of the history, without where it stands. */
async function read(kept: Kept): Promise<unknown> {
  return (await kept.host().read(partition)).map(({ archived: _archived, ...entry }) => entry);
}

async function rowsLeft({ table }: Kept): Promise<string[]> {
  const keys: string[] = [];
  for await (const row of table.listEntities({ queryOptions: { filter: `PartitionKey eq '${partition}'` } }))
    keys.push(row.rowKey ?? '');
  return keys;
}

describe('a history that moves into the archive', () => {
  it('leaves one row in the table, and is read as before', async () => {
    const kept = await keptHistory();
    const before = await read(kept);

    expect(await move(kept)).toEqual({ kind: 'moved', removed: 4 });

    expect(await rowsLeft(kept)).toEqual([rowKey(5)]);
    expect(await read(kept)).toEqual(before);
    expect((await kept.host().read(partition)).map(({ archived }) => archived)).toEqual([
      true,
      true,
      true,
      true,
      undefined,
    ]);
  });

  it('moves once: what was archived stays as it is', async () => {
    const kept = await keptHistory();
    await move(kept);
    const text = kept.blobs.all.get(blobOf(partition));

    expect(await move(kept)).toEqual({ kind: 'moved', removed: 0 });
    expect(kept.blobs.all.get(blobOf(partition))).toBe(text);
  });

  it('goes on behind what was archived before, in the same blob', async () => {
    const kept = await keptHistory([...wholeRemediation, ...wholeRemediation]);
    const before = await read(kept);
    await move(kept, 5 * 60_000);
    const text = kept.blobs.all.get(blobOf(partition)) ?? '';
    expect(await rowsLeft(kept)).toEqual([5, 6, 7, 8, 9, 10].map(rowKey));

    await move(kept);

    expect(kept.blobs.all.get(blobOf(partition))?.startsWith(text)).toBe(true);
    expect(await rowsLeft(kept)).toEqual([rowKey(10)]);
    expect(await read(kept)).toEqual(before);
  });

  it('leaves alone what is live, and what ended too short a time ago', async () => {
    const kept = await keptHistory([...wholeRemediation, opened, looked]);
    await move(kept);
    expect(await rowsLeft(kept)).toEqual([5, 6, 7].map(rowKey));

    const young = await keptHistory();
    await move(young, 4 * 60_000);
    expect(await rowsLeft(young)).toHaveLength(5);
    expect(young.blobs.all.size).toBe(0);
  });

  it('takes an entry that comes later, where it belongs', async () => {
    const kept = await keptHistory();
    await move(kept);

    expect(await kept.host().append(partition, 5, later)).toBe('appended');
    expect(await kept.host().append(partition, 5, later)).toBe('taken');
    expect((await kept.host().read(partition)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is no history that an older version takes for another one', async () => {
    const kept = await keptHistory();
    await move(kept);
    const older = ledger<Entry>(kept.table, kinds, () => 0);

    await expect(older.read(partition)).rejects.toMatchObject({ why: 'broken' });
    await expect(older.append(partition, 0, opened)).rejects.toMatchObject({ why: 'broken' });
  });

  it('takes no entry from a host that read it long before it moved', async () => {
    const kept = await keptHistory(wholeRemediation.slice(0, 2));
    let nowMs = 0;
    const slow = kept.host(() => nowMs);
    await slow.read(partition);
    for (const [at, entry] of wholeRemediation.slice(2).entries()) await kept.host().append(partition, at + 2, entry);
    await move(kept);

    nowMs = 30 * 24 * 60 * 60_000;

    expect(await slow.append(partition, 2, later)).toBe('taken');
    expect(await kept.host().read(partition)).toHaveLength(5);
  });

  it('is read from its blob once in ten minutes by one host, which then verifies all of it again', async () => {
    const kept = await keptHistory();
    await move(kept);
    let nowMs = 0;
    let reads = 0;
    const counting: AppendBlobs = {
      ...kept.blobs,
      read(name) {
        reads += 1;
        return kept.blobs.read(name);
      },
    };
    const host = ledger<Entry>(kept.table, kinds, () => nowMs, { readArchive: archiveIn(counting) });
    const whole = await host.read(partition);

    expect(await host.append(partition, 5, later)).toBe('appended');
    expect(await host.read(partition)).toHaveLength(6);
    expect((await host.read(partition)).slice(0, 5)).toEqual(whole);
    expect(reads).toBe(1);

    nowMs = 11 * 60_000;
    kept.blobs.all.delete(blobOf(partition));

    await expect(host.read(partition)).rejects.toMatchObject({ why: 'archive-missing' });
  });

  it('stays in the table where its rows do not add up', async () => {
    const kept = await keptHistory();
    await kept.table.updateEntity({ partitionKey: partition, rowKey: rowKey(2), part0: '{"kind":"looked"}' }, 'Merge');

    await expect(move(kept)).rejects.toMatchObject({ why: 'broken' });
    expect(await rowsLeft(kept)).toHaveLength(5);
  });

  it.each([
    ['holds something else', 'not ours'],
    ['holds the history of another target', 'pullmedic history\t1\tt000\n'],
  ])('stays in the table where its blob %s', async (_, text) => {
    const kept = await keptHistory();
    kept.blobs.all.set(blobOf(partition), text);

    await expect(move(kept)).rejects.toMatchObject({ why: 'archive-broken' });
    expect(await rowsLeft(kept)).toHaveLength(5);
    expect(kept.blobs.all.get(blobOf(partition))).toBe(text);
  });

  /** Blobs of which this call fails: of the blob of this history alone, or of all. */
  function failing(blobs: AppendBlobs, call: keyof AppendBlobs, statusCode: number, whose: 'own' | 'all'): AppendBlobs {
    const failed = new RestError('no', { statusCode });
    const fails = (name: string): boolean => whose === 'all' || name === blobOf(partition);
    return {
      makeContainer: () => blobs.makeContainer(),
      create: (name) => (call === 'create' && fails(name) ? Promise.reject(failed) : blobs.create(name)),
      append: (name, ...rest) =>
        call === 'append' && fails(name) ? Promise.reject(failed) : blobs.append(name, ...rest),
      read: (name) => (call === 'read' && fails(name) ? Promise.reject(failed) : blobs.read(name)),
    };
  }
  const calls = ['create', 'append', 'read'] as const;

  it.each(calls.flatMap((call) => [400, 401, 403, 409, 412].map((status) => [call, status] as const)))(
    'stays in the table, and stops no other, where storage refuses to %s its blob and takes others (%i)',
    async (call, status) => {
      const kept = await keptHistory();
      const refusing = { table: kept.table, blobs: failing(kept.blobs, call, status, 'own') };

      await expect(move(refusing)).rejects.toMatchObject({
        why: 'archive-refused',
        message: expect.stringMatching(/no$/) as string,
      });
      // What tells the trouble of one blob from that of all is there by now, and is not written again.
      await expect(move(refusing)).rejects.toMatchObject({ why: 'archive-refused' });
      expect(await rowsLeft(kept)).toHaveLength(5);
      expect(kept.blobs.all.get('about.txt')?.split('\n')).toHaveLength(2);
    },
  );

  it.each(calls.flatMap((call) => [403, 409].map((status) => [call, status] as const)))(
    'is visited again where storage refuses to %s any blob (%i): rights that are missing for all are given one day',
    async (call, status) => {
      const kept = await keptHistory();
      const refusing = failing(kept.blobs, call, status, 'all');

      await expect(move({ table: kept.table, blobs: refusing })).rejects.toMatchObject({ statusCode: status });
      expect(await rowsLeft(kept)).toHaveLength(5);
    },
  );

  it.each(calls.flatMap((call) => [408, 429, 500, 503].map((status) => [call, status] as const)))(
    'stays in the table for now where storage cannot %s its blob and takes others (%i)',
    async (call, status) => {
      const kept = await keptHistory();
      const busy = failing(kept.blobs, call, status, 'own');

      expect(await move({ table: kept.table, blobs: busy })).toMatchObject({
        kind: 'not-now',
        says: expect.stringMatching(/: no$/) as string,
      });
      expect(await rowsLeft(kept)).toHaveLength(5);
    },
  );

  it.each(
    calls.flatMap((call) => [
      [call, 404, 'own'] as const,
      ...[408, 429, 500, 503].map((status) => [call, status, 'all'] as const),
    ]),
  )('is visited again where storage cannot %s its blob now (%i of %s)', async (call, status, whose) => {
    const kept = await keptHistory();
    const busy = failing(kept.blobs, call, status, whose);

    await expect(move({ table: kept.table, blobs: busy })).rejects.toMatchObject({ statusCode: status });
    expect(await rowsLeft(kept)).toHaveLength(5);
  });

  it('that goes on behind what was archived stays in the table where its blob may not be read any more', async () => {
    const kept = await keptHistory([...wholeRemediation, ...wholeRemediation]);
    await move(kept, 5 * 60_000);
    const refusing = failing(kept.blobs, 'read', 403, 'own');

    await expect(move({ table: kept.table, blobs: refusing })).rejects.toMatchObject({ why: 'archive-refused' });
    expect(await rowsLeft(kept)).toHaveLength(6);
  });

  it('stays in the table where version 0.1.0 wrote characters that the archive cannot hold', async () => {
    const kept = await keptHistory([]);
    let head = emptyChain.head;
    for (const [at, entry] of wholeRemediation.entries()) {
      const next = { seq: at + 1, atMs: at, text: JSON.stringify({ ...entry, said: 'Müller' }) };
      const hash = hashOf(partition, next, head);
      await kept.table.createEntity(rowOfLink(partition, { ...next, hash }));
      head = hash;
    }
    const before = await read(kept);

    await expect(move(kept)).rejects.toMatchObject({ why: 'archive-refused' });

    expect(await rowsLeft(kept)).toHaveLength(5);
    expect(kept.blobs.all.size).toBe(0);
    expect(await read(kept)).toEqual(before);
  });

  it.each([5, 40, 130, 300])('moves where its blob was cut off after %i characters', async (length) => {
    const kept = await keptHistory();
    const before = await read(kept);
    const whole = await keptHistory();
    await move(whole);
    kept.blobs.all.set(blobOf(partition), (whole.blobs.all.get(blobOf(partition)) ?? '').slice(0, length));

    expect(await move(kept)).toEqual({ kind: 'moved', removed: 4 });
    expect(kept.blobs.all).toEqual(whole.blobs.all);
    expect(await read(kept)).toEqual(before);
  });

  it.each([
    ['a line that is none of pullmedic', (text: string) => `${text}hello\n`],
    ['an entry that nobody recorded', (text: string) => `${text}6\t5\t${'0'.repeat(64)}\t{}\n`],
    ['half a line', (text: string) => `${text}6\t5`],
  ])('stays in the table, where it can be read, where a stranger added %s to its blob', async (_, added) => {
    const whole = await keptHistory();
    await move(whole);
    const kept = await keptHistory();
    const before = await read(kept);
    kept.blobs.all.set(blobOf(partition), added(whole.blobs.all.get(blobOf(partition)) ?? ''));

    await expect(move(kept)).rejects.toMatchObject({ why: 'archive-broken' });

    expect(await rowsLeft(kept)).toHaveLength(5);
    expect(await read(kept)).toEqual(before);
  });

  it('stays in the table where its blob was cut off within a line that another instance had archived in advance', async () => {
    const twice = [...wholeRemediation, ...wholeRemediation];
    const whole = await keptHistory(twice);
    await move(whole);
    const kept = await keptHistory(twice);
    const before = await read(kept);
    kept.blobs.all.set(blobOf(partition), (whole.blobs.all.get(blobOf(partition)) ?? '').slice(0, -20));

    await expect(move(kept, 5 * 60_000)).rejects.toMatchObject({ why: 'archive-broken' });
    expect(await read(kept)).toEqual(before);

    await move(kept);
    expect(kept.blobs.all).toEqual(whole.blobs.all);
  });

  it('takes what another instance archived in advance', async () => {
    const twice = [...wholeRemediation, ...wholeRemediation];
    const whole = await keptHistory(twice);
    await move(whole);
    const kept = await keptHistory(twice);
    const before = await read(kept);
    kept.blobs.all.set(blobOf(partition), whole.blobs.all.get(blobOf(partition)) ?? '');

    expect(await move(kept, 5 * 60_000)).toEqual({ kind: 'moved', removed: 4 });
    expect(await read(kept)).toEqual(before);
  });

  it('stays in the table where the blob does not give back what was written', async () => {
    const kept = await keptHistory();
    const forgetful: AppendBlobs = { ...kept.blobs, read: async (name) => (await kept.blobs.read(name))?.slice(0, -9) };

    await expect(move({ table: kept.table, blobs: forgetful })).rejects.toMatchObject({ why: 'archive-broken' });
    expect(await rowsLeft(kept)).toHaveLength(5);
  });
});

describe('an archive in trouble', () => {
  it.each<[string, (text: string) => string | undefined, string]>([
    ['gone', () => undefined, 'archive-missing'],
    ['empty', () => '', 'archive-broken'],
    ['cut off', (text) => text.slice(0, text.length / 2), 'archive-broken'],
    ['edited', (text) => text.replace('"mode":"act"', '"mode":"lie"'), 'archive-broken'],
  ])('that is %s is never an empty history', async (_, spoil, why) => {
    const kept = await keptHistory();
    await move(kept);
    const spoiled = spoil(kept.blobs.all.get(blobOf(partition)) ?? '');
    if (spoiled === undefined) kept.blobs.all.delete(blobOf(partition));
    else kept.blobs.all.set(blobOf(partition), spoiled);

    await expect(kept.host().read(partition)).rejects.toMatchObject({ why });
    await expect(kept.host().append(partition, 5, later)).rejects.toMatchObject({ why });
  });

  const refusing = (statusCode: number): AppendBlobs => ({
    makeContainer: () => Promise.reject(new Error('not asked')),
    create: () => Promise.reject(new Error('not asked')),
    append: () => Promise.reject(new Error('not asked')),
    read: () => Promise.reject(new RestError('no', { statusCode })),
  });

  it.each([401, 403, 409])('that may not be read says so (%i)', async (status) => {
    await expect(archiveIn(refusing(status))(partition)).rejects.toMatchObject({ why: 'archive-refused' });
  });

  it.each([404, 429, 503])('that does not answer is asked again later (%i)', async (status) => {
    await expect(archiveIn(refusing(status))(partition)).rejects.toMatchObject({ statusCode: status });
  });
});

/** Thrown in the middle of a run: the host died. */
class Died extends Error {}

/** The storage of a host that dies at its call with this number: before the call took effect, or after. Each call lets others go first. */
function dying(
  kept: Kept,
  callsLeft: { value: number },
  after: boolean,
  between: () => Promise<void>,
): { table: Table; blobs: AppendBlobs } {
  const through = <T extends object>(client: T): T =>
    new Proxy(client, {
      get(target, name): unknown {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== 'function' || name === 'listEntities') return call;
        return async (...asked: unknown[]): Promise<unknown> => {
          callsLeft.value -= 1;
          if (callsLeft.value < 0 || (callsLeft.value === 0 && !after)) throw new Died();
          await between();
          const answer: unknown = await Reflect.apply(call, target, asked);
          if (callsLeft.value === 0) throw new Died();
          return answer;
        };
      },
    });
  return { table: through(kept.table), blobs: through(kept.blobs) };
}

async function moveUnlessItDies(storage: { table: Table; blobs: AppendBlobs }, beforeMs: number): Promise<void> {
  try {
    await move(storage, beforeMs);
  } catch (error) {
    if (!(error instanceof Died)) throw error;
  }
}

describe('whatever happens while a history moves', () => {
  const interruption = fc.record({
    hosts: fc.array(fc.record({ calls: fc.nat(16), after: fc.boolean(), beforeMinutes: fc.nat(12) }), {
      minLength: 1,
      maxLength: 5,
    }),
    remediations: fc.integer({ min: 1, max: 3 }),
    sideBySide: fc.boolean(),
    seed: fc.nat(),
  });

  it('the history stays the same, and the next host finishes', async () => {
    await fc.assert(
      fc.asyncProperty(interruption, async ({ hosts, remediations, sideBySide, seed }) => {
        const kept = await keptHistory(Array.from({ length: remediations }, () => wholeRemediation).flat());
        const written = (await read(kept)) as unknown[];
        let chance = seed;
        let appended = 0;
        const writes: Promise<void>[] = [];
        const anotherWrites = (): Promise<void> => {
          const write = writeOnce();
          writes.push(write);
          return write;
        };
        const writeOnce = async (): Promise<void> => {
          chance = (chance * 1_103_515_245 + 12_345) % 2_147_483_648;
          if (chance % 7 !== 0) return;
          const atLeast = written.length + appended;
          const seen = await kept.host().read(partition);
          // A reader who looks on while rows go away sees all of it.
          expect(seen.length).toBeGreaterThanOrEqual(atLeast);
          if ((await kept.host(() => 1e9).append(partition, seen.length, later)) === 'appended') appended += 1;
        };
        const runs = hosts.map(
          ({ calls, after, beforeMinutes }) =>
            () =>
              moveUnlessItDies(
                dying(kept, { value: calls }, after, sideBySide ? async () => undefined : anotherWrites),
                beforeMinutes * 60_000,
              ),
        );
        if (sideBySide) await Promise.all(runs.map((run) => run()));
        else for (const run of runs) await run();
        // Removals that were under way when their host died.
        await Promise.all(writes);

        expect(((await read(kept)) as unknown[]).slice(0, written.length)).toEqual(written);
        expect(await read(kept)).toHaveLength(written.length + appended);
        expect(await move(kept, 1e8)).toMatchObject({ kind: 'moved' });
        expect((await rowsLeft(kept))[0]).toBe(rowKey(written.length));
        expect(((await read(kept)) as unknown[]).slice(0, written.length)).toEqual(written);
      }),
      { numRuns: 300 },
    );
  });

  it('what the entries add up to stays the same', async () => {
    const kept = await keptHistory([...wholeRemediation, ...wholeRemediation, opened, looked, closed]);
    const target = parseTargetId(partition);
    if (target === undefined) throw new Error('not a target');
    const whole = foldTarget(target, await kept.host().read(partition));

    await move(kept);

    const { remediations, ...history } = foldTarget(target, await kept.host().read(partition));
    expect(remediations.map(({ archived }) => archived)).toEqual([true, true, true]);
    expect({ ...history, remediations: remediations.map(({ archived: _archived, ...one }) => one) }).toEqual(whole);
  });
});
