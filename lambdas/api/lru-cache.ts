/** A map that keeps the most recently used entries. */
export interface LruCache<Key, Value> {
  readonly size: number;
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
}

/** @param maxEntries when exceeded, the least recently used entry is removed */
export const createLruCache = <Key, Value>(maxEntries: number): LruCache<Key, Value> => {
  // A Map iterates in insertion order, so a used entry is inserted again.
  const entries = new Map<Key, Value>();
  const insert = (key: Key, value: Value): void => {
    entries.delete(key);
    entries.set(key, value);
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) return;
      entries.delete(oldest);
    }
  };
  return {
    get size() {
      return entries.size;
    },
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) insert(key, value);
      return value;
    },
    set: insert,
    delete: (key) => void entries.delete(key),
  };
};
