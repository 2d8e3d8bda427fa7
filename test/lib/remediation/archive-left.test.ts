// A history that cannot be moved now stays in the table, is counted and shown, and is tried again: every hour, and one in vain a minute.
import { RestError } from '@azure/core-rest-pipeline';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryBlobs, memoryBlobs } from '../../../local/engine/memory-blobs.ts';
import type { AppendBlobs } from '../../../src/lib/azure/clients/append-blobs.ts';
import { archiveOf } from '../../../src/lib/azure/store/archive-port.ts';
import { blobOf } from '../../../src/lib/azure/store/archive-text.ts';
import { readRows } from '../../../src/lib/azure/store/chain.ts';
import { ledger } from '../../../src/lib/azure/store/store.ts';
import { checkHealth } from '../../../src/lib/console/health.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { archiveOld } from '../../../src/lib/remediation/archive.ts';
import { remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import { type Archived, archivingWorld } from '../archiving.ts';
import { kinds, wholeRemediation } from '../azure/store/chained.ts';
import { config, minute, nowMs, roleMissing } from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';

const day = 24 * 60 * minute;
const hour = 60 * minute;
const on = config({ PULLMEDIC_SETTINGS: '{"history":{"archiveAfterDays":30}}' });
const target = (nth: number): TargetId => `t${String(nth).padStart(24, '0')}` as TargetId;

let running: Archived;
let blobs: MemoryBlobs;
/** What storage answers instead, by the name of a blob. */
let troubles: Map<string, Error>;
let requests: string[];
let logged: string[];

const away = new RestError('Blob storage answered 503 ServerBusy', { statusCode: 503 });
const leased = new RestError('Blob storage answered 412 LeaseIdMissing', { statusCode: 412 });

/** Histories of remediations that ended forty days ago. */
async function planted(count: number): Promise<void> {
  for (let nth = 1; nth <= count; nth += 1) await plant(nth, nowMs - 40 * day - nth);
}

async function plant(nth: number, endedAtMs: number): Promise<void> {
  const history = ledger<Entry>(running.tables.history, kinds, () => endedAtMs);
  for (const [at, entry] of wholeRemediation.entries()) await history.append(target(nth), at, entry);
  const remediation = remediationIdOf(target(nth), 1);
  await running.ports.index.put(indexRow({ targetId: target(nth), remediation, closed: true, closedAtMs: endedAtMs }));
}

async function rowsOf(nth: number): Promise<number> {
  return (await readRows(running.tables.history, target(nth))).length;
}

/** The schedule runs once a minute for so long. */
async function pass(forMs: number): Promise<void> {
  for (const untilMs = running.world.nowMs + forMs; running.world.nowMs < untilMs; running.world.nowMs += minute)
    await archiveOld(running.ports, on);
}

async function shown(): Promise<unknown> {
  return (await checkHealth(running.ports, memoryUpkeep().upkeep)).archive;
}

beforeEach(async () => {
  running = await archivingWorld(on, roleMissing, nowMs);
  blobs = memoryBlobs();
  troubles = new Map();
  requests = [];
  logged = [];
  const met = (name: string): void => {
    requests.push(name);
    const trouble = troubles.get(name);
    if (trouble !== undefined) throw trouble;
  };
  const troubled: AppendBlobs = {
    makeContainer: async () => void requests.push('makeContainer'),
    async create(name) {
      met(name);
      return blobs.create(name);
    },
    async append(name, ...rest) {
      met(name);
      return blobs.append(name, ...rest);
    },
    async read(name) {
      met(name);
      return blobs.read(name);
    },
  };
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => {
    if (event === 'not-archived')
      logged.push(`${String(fields['remediation'])} ${String(fields['why'])} ${String(fields['says'])}`);
  };
  Object.assign(running.ports, { archive: archiveOf(running.tables, troubled), log });
});

describe('a blob for which storage does not answer while it takes others', () => {
  it.each([
    ['busy each time', away, 'Blob storage answered 503 ServerBusy'],
    ['silent', Object.assign(new Error('aborted'), { name: 'AbortError' }), 'storage gave no answer'],
    ['gone from the network', new RestError('connect 10.1.2.3', { code: 'ECONNRESET' }), 'storage gave no answer'],
  ])(
    'keeps its own history in the table for now, is counted and shown, and the others go on: %s',
    async (_, trouble, says) => {
      await planted(3);
      troubles.set(blobOf(target(2)), trouble);

      expect(await archiveOld(running.ports, on)).toBe(3);

      expect([await rowsOf(1), await rowsOf(2), await rowsOf(3)]).toEqual([1, wholeRemediation.length, 1]);
      expect(await shown()).toEqual({ untilMs: nowMs - 30 * day, left: 1 });
      expect(logged).toEqual([
        `${remediationIdOf(target(2), 1)} no-answer The archive of ${target(2)} could not be written: ${says}`,
      ]);
    },
  );

  it('is tried again, moves once storage takes it, and is not counted any more', async () => {
    await planted(3);
    troubles.set(blobOf(target(2)), away);
    await pass(5 * minute);
    troubles.clear();

    await pass(hour);

    expect(await rowsOf(2)).toBe(1);
    expect(await shown()).toEqual({ untilMs: nowMs - 30 * day, left: 0 });
    expect((await running.ports.index.closed({ limit: 5 })).rows.map(({ archived }) => archived)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is the trouble of all where storage takes none: then nothing is left, and each minute tries again', async () => {
    await planted(2);
    for (const name of [blobOf(target(1)), blobOf(target(2)), 'about.txt']) troubles.set(name, away);

    await expect(archiveOld(running.ports, on)).rejects.toThrow('503');
    troubles.clear();
    await archiveOld(running.ports, on);

    expect([await rowsOf(1), await rowsOf(2)]).toEqual([1, 1]);
    expect(await shown()).toEqual({ untilMs: nowMs - 30 * day, left: 0 });
  });
});

describe('histories that are refused for ever', () => {
  it('cost one try a minute at most, and each of them one an hour', async () => {
    await planted(40);
    for (let nth = 1; nth <= 40; nth += 1) troubles.set(blobOf(target(nth)), leased);
    await pass(5 * minute);
    expect(await shown()).toMatchObject({ left: 40 });
    requests.length = 0;
    await pass(minute);
    expect(new Set(requests.filter((name) => name !== 'about.txt')).size).toBe(1);
    requests.length = 0;

    await pass(day);

    const tries = requests.filter((name) => name === blobOf(target(7)));
    expect(tries.length).toBeGreaterThanOrEqual(22);
    expect(tries.length).toBeLessThanOrEqual(25);
    // The blob, and what tells whether others are taken: made, and read.
    expect(requests.length).toBeLessThan(24 * 60 * 3);
  });

  it('move twenty a minute once storage takes them', async () => {
    await planted(40);
    for (let nth = 1; nth <= 40; nth += 1) troubles.set(blobOf(target(nth)), leased);
    await pass(3 * minute);
    troubles.clear();

    await pass(hour + 3 * minute);

    expect(await shown()).toMatchObject({ left: 0 });
    expect(await Promise.all(Array.from({ length: 40 }, (_, at) => rowsOf(at + 1)))).toEqual(
      Array.from({ length: 40 }, () => 1),
    );
  });

  it('are known where the note of how far the archive has come was lost', async () => {
    await planted(3);
    troubles.set(blobOf(target(2)), leased);
    await archiveOld(running.ports, on);
    await running.tables.controls.deleteEntity('controls', 'archive');
    troubles.clear();

    await pass(3 * minute);

    expect(await rowsOf(2)).toBe(1);
    expect(await shown()).toMatchObject({ left: 0 });
    expect(await running.ports.archive.countLeft()).toBe(0);
  });

  it('stay where they are while a longer time is set', async () => {
    await planted(3);
    troubles.set(blobOf(target(2)), leased);
    await pass(3 * minute);
    troubles.clear();
    const longer = config({ PULLMEDIC_SETTINGS: '{"history":{"archiveAfterDays":300}}' });
    running.world.nowMs += 2 * hour;

    await archiveOld(running.ports, longer);

    expect(await rowsOf(2)).toBe(wholeRemediation.length);
    expect(await shown()).toMatchObject({ left: 1 });
  });
});

describe('the container of the archive', () => {
  it('is made before the first history moves, and not made anew where somebody deleted it', async () => {
    await planted(2);
    await archiveOld(running.ports, on);
    running.world.nowMs += 5 * day;
    const missing = new RestError('Blob storage answered 404 ContainerNotFound', { statusCode: 404 });
    await plant(3, running.world.nowMs - 31 * day);
    troubles.set(blobOf(target(3)), missing);

    await expect(archiveOld(running.ports, on)).rejects.toThrow('404 ContainerNotFound');

    expect(requests.filter((name) => name === 'makeContainer')).toHaveLength(1);
    expect(await rowsOf(3)).toBe(wholeRemediation.length);
  });
});
