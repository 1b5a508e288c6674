import { type ChildEnd, type ChildOptions, runChild } from "./child.ts";
import { type RunLimit, startWatchdog, type Watchdog, type WatchdogOptions } from "./watchdog.ts";

/** Seconds of wall clock beyond its work that a run may wait for the store, as long as bytes still trickle in. */
export const storeWaitSeconds = 900;

export interface WatchedOptions extends Omit<ChildOptions, "wallSeconds"> {
  readonly limits: Omit<WatchdogOptions, "onLimit">;
  /** Given what is to be called at each sign of progress. */
  readonly listen?: (watchdog: Pick<Watchdog, "advance">) => Pick<ChildOptions, "onLog" | "onProgress">;
}
export interface WatchedEnd extends ChildEnd {
  /** Which of its limits ended the run. */
  readonly limit?: RunLimit;
}

/**
 * Runs a media program, and ends it where it stalls or takes too long: SIGTERM, then SIGKILL.
 *
 * @returns `timedOut` where it waited for the store for longer than `storeWaitSeconds`
 */
export const runWatched = async (
  program: string,
  programArguments: readonly string[],
  { limits, listen, ...options }: WatchedOptions,
): Promise<WatchedEnd> => {
  options.signal.throwIfAborted();
  const ending = new AbortController();
  let limit: RunLimit | undefined;
  const watchdog = startWatchdog({
    ...limits,
    onLimit: (reached) => {
      limit = reached;
      ending.abort();
    },
  });
  try {
    const end = await runChild(program, programArguments, {
      ...options,
      ...listen?.(watchdog),
      signal: AbortSignal.any([options.signal, ending.signal]),
      wallSeconds: limits.workSeconds + storeWaitSeconds,
    });
    return { ...end, ...(limit === undefined ? {} : { limit }) };
  } finally {
    watchdog.stop();
  }
};
