import { type ChildOptions, type ChildResult, runChild } from "./child.ts";
import { type RunLimit, startWatchdog, type Watchdog, type WatchdogOptions } from "./watchdog.ts";

/**
 * Wall-clock seconds that a run may wait for the object store in addition to `workTimeoutSeconds`, as long as data arrives.
 */
export const maxStoreWaitSeconds = 900;

export interface WatchedChildOptions extends Omit<ChildOptions, "timeoutSeconds"> {
  readonly limits: Omit<WatchdogOptions, "onLimit">;
  /** Creates the listeners, which call `watchdog.advance` on progress. */
  readonly createListeners?: (
    watchdog: Pick<Watchdog, "advance">,
  ) => Pick<ChildOptions, "onLog" | "onProgress">;
}
export interface WatchedChildResult extends ChildResult {
  /** The limit that stopped the run. */
  readonly exceededLimit?: RunLimit;
}

/**
 * Runs a media program and stops it if it stalls or takes too long: SIGTERM, then SIGKILL.
 *
 * @returns `timedOut` is true if it waited for the object store longer than `maxStoreWaitSeconds`
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
      timeoutSeconds: limits.workTimeoutSeconds + maxStoreWaitSeconds,
    });
    return { ...result, ...(exceededLimit === undefined ? {} : { exceededLimit }) };
  } finally {
    watchdog.stop();
  }
};
