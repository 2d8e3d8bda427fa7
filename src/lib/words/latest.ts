// A map with a limited number of entries, so that the memory of a process does not grow without end. The oldest entry goes first.

export interface Latest<K, V> {
  get(key: K): V | undefined;
  /** Stores the value as the newest entry. */
  put(key: K, value: V): void;
  drop(key: K): void;
  values(): V[];
}

/** How long an entry is of use after it was stored, in milliseconds, by this clock. */
export interface Lasting {
  readonly forMs: number;
  readonly now: () => number;
}

/**
 * Makes a map that keeps the `most` newest entries. Reading an entry does not make it newer. With `lasting`, entries that are too old go when
 * another one is stored: without that, a quiet process would hold until its end what one busy hour left there.
 */
export function latest<K, V>(most: number, lasting?: Lasting): Latest<K, V> {
  const all = new Map<K, { readonly value: V; readonly atMs: number }>();
  return {
    get: (key) => all.get(key)?.value,
    drop: (key) => void all.delete(key),
    values: () => Array.from(all.values(), ({ value }) => value),
    put(key, value) {
      const atMs = lasting?.now() ?? 0;
      const oldestMs = atMs - (lasting?.forMs ?? 0);
      all.delete(key);
      all.set(key, { value, atMs });
      for (const [oldest, kept] of all) {
        if (all.size <= most && kept.atMs >= oldestMs) return;
        all.delete(oldest);
      }
    },
  };
}
