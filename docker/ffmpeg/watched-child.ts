import { type ChildOptions, type ChildResult, runChild } from "./child.ts";
import { type RunLimit, startWatchdog, type Watchdog, type WatchdogOptions } from "./watchdog.ts";

/** Seconds of wall clock beyond its work that a run may wait for the store, as long as bytes still trickle in. */
export const maxStoreWaitSeconds = 900;

export interface WatchedChildOptions extends Omit<ChildOptions, "timeoutSeconds"> {
  readonly limits: Omit<WatchdogOptions, "onLimit">;
  /** Given what is to be called at each sign of progress. */
  readonly createListeners?: (
    watchdog: Pick<Watchdog, "advance">,
  ) => Pick<ChildOptions, "onLog" | "onProgress">;
}
export interface WatchedChildResult extends ChildResult {
  /** Which of its limits ended the run. */
  readonly exceededLimit?: RunLimit;
}

/**
 * Runs a media program, and ends it where it stalls or takes too long: SIGTERM, then SIGKILL.
 *
 * @returns `timedOut` where it waited for the store for longer than `maxStoreWaitSeconds`
 */
export const runWatchedChild = async (
  program: string,
  programArguments: readonly string[],
  { limits, createListeners, ...options }: WatchedChildOptions,
): Promise<WatchedChildResult> => {
  options.signal.throwIfAborted();
  const limitController = new AbortController();
  let exceededLimit: RunLimit | undefined;
  const watchdog = startWatchdog({
    ...limits,
    onLimit: (runLimit) => {
      exceededLimit = runLimit;
      limitController.abort();
    },
  });
  try {
    const result = await runChild(program, programArguments, {
      ...options,
      ...createListeners?.(watchdog),
      signal: AbortSignal.any([options.signal, limitController.signal]),
      timeoutSeconds: limits.workSeconds + maxStoreWaitSeconds,
    });
    return { ...result, ...(exceededLimit === undefined ? {} : { exceededLimit }) };
  } finally {
    watchdog.stop();
  }
};
