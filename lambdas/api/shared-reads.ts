import { createSharedRead, type SharedRead } from "./shared-read.ts";

/** Maximum number of different queries whose last read is cached. */
const maxCachedReads = 32;

/** Shared reads, one per query. Those that were used last are kept. */
export interface SharedReads<Query, Value> {
  find(query: Query): SharedRead<Value>;
  /** Makes later reads see all changes made before this call. */
  invalidate(): void;
}

/** Creates shared reads. @param read reads the value of a query, which JSON represents */
export const createSharedReads = <Query, Value>(
  read: (query: Query) => Promise<Value>,
): SharedReads<Query, Value> => {
  const reads = new Map<string, SharedRead<Value>>();
  return {
    find(query) {
      const key = JSON.stringify(query);
      const shared = reads.get(key) ?? createSharedRead(() => read(query));
      // A Map iterates in insertion order, so the query that was used last moves to the end.
      reads.delete(key);
      reads.set(key, shared);
      for (const oldest of reads.keys()) {
        if (reads.size <= maxCachedReads) break;
        reads.delete(oldest);
      }
      return shared;
    },
    invalidate() {
      for (const shared of reads.values()) shared.invalidate();
    },
  };
};
