/** Shortest time between the beginnings of two reads, milliseconds. */
const refreshMs = 300;

/** A value stays current for so many times the length of its read: reading takes a fifth of the time at most. */
const currentFactor = 5;

/** An expensive read whose value many callers share. */
export interface SharedRead<Value> {
  /** The value of a read that is under way or was made a short while ago. */
  current(): Promise<Value>;
  /** The value of the next read; undefined once the signal is aborted. */
  next(signal: AbortSignal): Promise<Value | undefined>;
  /** Drops the value, also that of a read under way, for callers to come. */
  expire(): void;
}

const delay = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/** Settles with a promise, or with undefined once a signal is aborted; leaves no listener behind. */
const orAborted = async <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> => {
  if (signal.aborted) return undefined;
  let stop = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, aborted]);
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
  let kept: { readonly value: Value; readonly currentUntil: number } | undefined;
  let reading: Promise<Value> | undefined;
  let awaited: Promise<Value> | undefined;

  const start = (): Promise<Value> => {
    const began = performance.now();
    const started: Promise<Value> = read().then(
      (value) => {
        const tookMs = performance.now() - began;
        // A read that has expired under way answers those who asked before, nobody else.
        if (reading === started) {
          kept = { value, currentUntil: began + Math.max(refreshMs, currentFactor * tookMs) };
          reading = undefined;
        }
        return value;
      },
      (cause: unknown) => {
        if (reading === started) reading = undefined;
        throw cause;
      },
    );
    return started;
  };
  const current = (): Promise<Value> => {
    if (kept !== undefined && performance.now() < kept.currentUntil) return Promise.resolve(kept.value);
    reading ??= start();
    return reading;
  };
  const readNext = async (): Promise<Value> => {
    if (kept !== undefined) await delay(Math.max(0, kept.currentUntil - performance.now()));
    return current();
  };
  return {
    current,
    next(signal) {
      awaited ??= readNext().finally(() => {
        awaited = undefined;
      });
      return orAborted(awaited, signal);
    },
    expire() {
      kept = undefined;
      reading = undefined;
    },
  };
};
