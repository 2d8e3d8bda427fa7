// What was used last is kept, up to a number; the oldest goes first. A process must not grow with what it has seen.

export interface Latest<K, V> {
  get(key: K): V | undefined;
  /** Puts it in as the newest. */
  put(key: K, value: V): void;
  drop(key: K): void;
}

/** Keeps the newest of what is put in. */
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
