// A map with a limited number of entries, so that the memory of a process does not grow without end. The oldest entry goes first.

export interface Latest<K, V> {
  get(key: K): V | undefined;
  /** Stores the value as the newest entry. */
  put(key: K, value: V): void;
  drop(key: K): void;
}

/** Makes a map that keeps the `most` newest entries. Reading an entry does not make it newer. */
export function latest<K, V>(most: number): Latest<K, V> {
  const all = new Map<K, V>();
  return {
    get: (key) => all.get(key),
    drop: (key) => void all.delete(key),
    put(key, value) {
      all.delete(key);
      all.set(key, value);
      for (const oldest of all.keys()) {
        if (all.size <= most) return;
        all.delete(oldest);
      }
    },
  };
}
