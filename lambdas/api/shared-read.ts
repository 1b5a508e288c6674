/** Minimum time between the starts of two reads, milliseconds. */
const minRefreshIntervalMs = 300;

/** A value is fresh for this multiple of its read's duration, so reads take at most a fifth of the time. */
const freshnessFactor = 5;

/** An expensive read whose value is shared by many callers. */
export interface SharedRead<Value> {
  /** Returns the cached value while it is fresh, else the value of the current or a new read. */
  get(): Promise<Value>;
  /** Returns the value of the next read; undefined if the signal is aborted. */
  waitForNext(signal: AbortSignal): Promise<Value | undefined>;
  /** Discards the cached value and the result of a read in progress for later callers. */
  invalidate(): void;
}

const delay = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/** Resolves with a promise's value, or with undefined when a signal is aborted; removes its listener. */
const raceAbort = async <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> => {
  if (signal.aborted) return undefined;
  let stop = (): void => undefined;
  const abortPromise = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, abortPromise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};

/**
 * Creates a shared read. Reads never overlap, and a pause follows each.
 *
 * @param read called at most every 300 ms, and at most a fifth of the time
 */
export const createSharedRead = <Value>(read: () => Promise<Value>): SharedRead<Value> => {
  let cached: { readonly value: Value; readonly freshUntilMs: number } | undefined;
  let pendingRead: Promise<Value> | undefined;
  let pendingNext: Promise<Value> | undefined;

  const startRead = (): Promise<Value> => {
    const startMs = performance.now();
    const promise: Promise<Value> = read().then(
      (value) => {
        const durationMs = performance.now() - startMs;
        // The result of an invalidated read is for the callers that already wait, and is not cached.
        if (pendingRead === promise) {
          cached = {
            value,
            freshUntilMs: startMs + Math.max(minRefreshIntervalMs, freshnessFactor * durationMs),
          };
          pendingRead = undefined;
        }
        return value;
      },
      (cause: unknown) => {
        if (pendingRead === promise) pendingRead = undefined;
        throw cause;
      },
    );
    return promise;
  };
  const get = (): Promise<Value> => {
    if (cached !== undefined && performance.now() < cached.freshUntilMs) return Promise.resolve(cached.value);
    pendingRead ??= startRead();
    return pendingRead;
  };
  const readNext = async (): Promise<Value> => {
    if (cached !== undefined) await delay(Math.max(0, cached.freshUntilMs - performance.now()));
    return get();
  };
  return {
    get,
    waitForNext(signal) {
      pendingNext ??= readNext().finally(() => {
        pendingNext = undefined;
      });
      return raceAbort(pendingNext, signal);
    },
    invalidate() {
      cached = undefined;
      pendingRead = undefined;
    },
  };
};
