// An append-only list of entries, as every store of histories keeps it.

/** An append-only, hash-chained list of entries. Reading verifies the chain and throws {@link UnreadableHistory} where it is broken. */
export interface Ledger<T> {
  read(partition: string): Promise<readonly StoredEntry<T>[]>;
  /** Inserts at the next number. `taken`: another writer used that number, and nothing was written. Throws if the store is unreachable. */
  append(partition: string, after: number, entry: T): Promise<'appended' | 'taken'>;
}

/**
 * Why one history cannot be read, while the store answers. `newer-version`: it has an entry of a kind that this version does not know.
 * `broken`: its entries do not add up, because one was edited, removed or inserted by hand. `not-understood`: an entry of a known kind
 * has a content that this version cannot work with. The others are about entries that were archived: no archive holds them, the archive holds
 * something else, or pullmedic may not read or write it.
 */
export const historyTroubles = [
  'newer-version',
  'broken',
  'not-understood',
  'archive-missing',
  'archive-broken',
  'archive-refused',
] as const;
export type HistoryTrouble = (typeof historyTroubles)[number];

/** One history cannot be read. pullmedic makes no decision on it. A reader of several histories goes on with the others. */
export class UnreadableHistory extends Error {
  override readonly name: string = 'UnreadableHistory';
  readonly why: HistoryTrouble;
  constructor(why: HistoryTrouble, message: string) {
    super(message);
    this.why = why;
  }
}

/** An entry as it stands in the store. */
export interface StoredEntry<T> {
  readonly seq: number;
  readonly atMs: number;
  readonly entry: T;
  /** It was read from the archive. */
  readonly archived?: true;
}
