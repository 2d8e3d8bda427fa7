// Histories and lists in Azure Table Storage. Each entry is one insert under the next number, and its hash covers the entry before it.

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Ledger, StoredEntry } from '../../history/ledger.ts';
import { latest } from '../../words/latest.ts';
import { isConflict, isOurs } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { asciiJson, BrokenChain, type Chain, hashOf, type ReadArchive, readChain, rowOfLink } from './chain.ts';

/** Made once: zod compiles a schema when it is first used, which costs more than the check of an entry. */
const withKind = z.object({ kind: z.string() });

/** How many partitions of a shared ledger stay in memory, and for how long (ms) until a partition is read and verified again as a whole. */
const mostKept = 100;
const keptForMs = 10 * 60_000;
/** How many heads of partitions stay in memory: the next append to such a partition need not read it first. */
const mostHeads = 500;
/**
 * For how long (ms). Rows that were archived are gone from the table, so an insert that follows a very old head would find its number free.
 * Nothing is archived before it is many days old, so no such head is believed for so long.
 */
const headsForMs = 60 * 60_000;

export interface Head {
  readonly partition: string;
  readonly seq: number;
  readonly hash: string;
}

export interface LedgerOptions {
  /** Gets every new head. Heads that are kept elsewhere reveal a history that was removed or rewritten as a whole. */
  readonly onHead?: (head: Head) => void;
  /** Many instances write to it at once, so it keeps entries that were verified a short time ago and reads only the ones after them. */
  readonly shared?: boolean;
  /** Gives the entries that have moved out of the table. A history that has such entries is kept as that of a shared ledger. */
  readonly readArchive?: ReadArchive;
}

/**
 * A hash-chained ledger over one table. `kinds` are the entry kinds that this version knows: a newer version wrote a history with any other
 * kind, and reading it throws {@link BrokenChain}.
 */
export function ledger<T extends { readonly kind: string }>(
  table: Table,
  kinds: readonly T['kind'][],
  now: () => number,
  { onHead = () => undefined, shared = false, readArchive }: LedgerOptions = {},
): Ledger<T> {
  const heads = latest<string, { seq: number; hash: string; readAtMs: number }>(mostHeads);
  const kept = latest<string, { chain: Chain; sinceMs: number }>(mostKept, { forMs: keptForMs, now });
  function checked(stored: StoredEntry<unknown>): StoredEntry<T> {
    const { kind } = withKind.parse(stored.entry);
    if (!kinds.some((knownKind) => knownKind === kind))
      throw new BrokenChain('newer-version', 'The history holds an entry of an unknown kind.');
    // The chain proves that our own `append` wrote this entry.
    return stored as StoredEntry<T>;
  }
  async function chainOf(partition: string): Promise<Chain> {
    const before = kept.get(partition);
    const young = before !== undefined && now() - before.sinceMs < keptForMs ? before : undefined;
    const chain = await readChain(table, partition, young?.chain, readArchive);
    if (shared || chain.entries[0]?.archived) kept.put(partition, { chain, sinceMs: young?.sinceMs ?? now() });
    return chain;
  }
  return {
    async read(partition) {
      const { entries, head } = await chainOf(partition);
      heads.put(partition, { seq: entries.length, hash: head, readAtMs: now() });
      return entries.map(checked);
    },
    async append(partition, after, entry) {
      const known = heads.get(partition);
      let head = known?.seq === after && now() - known.readAtMs < headsForMs ? known.hash : undefined;
      if (head === undefined) {
        const chain = await chainOf(partition);
        if (chain.entries.length !== after) return 'taken';
        ({ head } = chain);
      }
      const next = { seq: after + 1, atMs: now(), text: asciiJson(entry) };
      const hash = hashOf(partition, next, head);
      const entity = { ...rowOfLink(partition, { ...next, hash }), writer: randomUUID() };
      heads.drop(partition);
      try {
        await table.createEntity(entity);
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (!(await isOurs(table, entity))) return 'taken';
      }
      onHead({ partition, seq: after + 1, hash });
      return 'appended';
    },
  };
}

/** The container of the archive. */
export const archiveContainer = 'history-archive';

/** Our tables: in the running app {@link Table}, elsewhere the SDK's own clients, which can do more. */
export type Tables<T extends Table = Table> = Readonly<Record<keyof typeof names, T>>;

const names = {
  history: 'pullmedichistory',
  incidents: 'pullmedicincidents',
  deployment: 'pullmedicdeployment',
  index: 'pullmedicindex',
  controls: 'pullmediccontrols',
  letters: 'pullmedicdeadletters',
  outbox: 'pullmedicoutbox',
} as const;

/** The clients of our tables. {@link createTables} makes the tables themselves. */
export function connectTables<T extends Table>(connection: { table(name: string): T }): Tables<T> {
  return {
    history: connection.table(names.history),
    incidents: connection.table(names.incidents),
    deployment: connection.table(names.deployment),
    index: connection.table(names.index),
    controls: connection.table(names.controls),
    letters: connection.table(names.letters),
    outbox: connection.table(names.outbox),
  };
}

/** Creates the tables that are missing. Safe to repeat. */
export async function createTables(tables: Tables): Promise<void> {
  await Promise.all(Object.values(tables).map((table: Table) => table.createTable()));
}
