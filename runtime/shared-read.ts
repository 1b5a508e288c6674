/** Shortest time between the beginnings of two reads, milliseconds. */
const minRefreshIntervalMs = 300;

/** A value stays current for so many times the length of its read: reading takes a fifth of the time at most. */
const freshnessFactor = 5;

/** An expensive read whose value many callers share. */
export interface SharedRead<Value> {
  /** The value of a read that is under way or was made a short while ago. */
  get(): Promise<Value>;
  /** The value of the next read; undefined once the signal is aborted. */
  waitForNext(signal: AbortSignal): Promise<Value | undefined>;
  /** Drops the value, also that of a read under way, for callers to come. */
  invalidate(): void;
}

const delay = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/** Settles with a promise, or with undefined once a signal is aborted; leaves no listener behind. */
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
 * Shares the values of a read: there is one at a time, and a pause after each.
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
        // A read that has expired under way answers those who asked before, nobody else.
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
