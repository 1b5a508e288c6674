/** A value that is read at most once per time to live. */
export interface CachedRead<Value> {
  /** @param forceRefresh reads again unless the last read was within ten seconds. @default false */
  read(forceRefresh?: boolean): Promise<Value>;
}

/** Limits refreshes, so that requests that need one do not cause a call each. */
const minRefreshIntervalMs = 10_000;

/**
 * Caches a value. Concurrent readers share a read; a failed read is not cached.
 *
 * @param nowMs milliseconds since 1970
 */
export const createCachedRead = <Value>(
  readValue: () => Promise<Value>,
  ttlMs: number,
  nowMs: () => number,
): CachedRead<Value> => {
  let cached: { readonly value: Promise<Value>; readonly atMs: number } | undefined;
  return {
    read(forceRefresh = false) {
      const maxAgeMs = forceRefresh ? minRefreshIntervalMs : ttlMs;
      if (cached !== undefined && nowMs() - cached.atMs < maxAgeMs) return cached.value;
      const entry = { value: readValue(), atMs: nowMs() };
      cached = entry;
      entry.value.catch(() => {
        if (cached === entry) cached = undefined;
      });
      return entry.value;
    },
  };
};
