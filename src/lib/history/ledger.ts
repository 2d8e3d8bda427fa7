// An append-only list of entries, as every store of histories keeps it.

/** An append-only, hash-chained list of entries. Reading verifies the chain and throws where it is broken. */
export interface Ledger<T> {
  read(partition: string): Promise<readonly StoredEntry<T>[]>;
  /** Inserts at the next number. `taken`: another writer used that number, and nothing was written. Throws if the store is unreachable. */
  append(partition: string, after: number, entry: T): Promise<'appended' | 'taken'>;
}

/** An entry as it stands in the store. */
export interface StoredEntry<T> {
  readonly seq: number;
  readonly atMs: number;
  readonly entry: T;
}
