import { CommandError } from "../../pipeline/errors/errors.ts";
import { onStopSignal } from "../signals.ts";

/** A demo that Ctrl+C stops. */
export interface Stoppable {
  /** Aborted by Ctrl+C, unless the demo serves its page. */
  readonly signal: AbortSignal;
  /** Keeps the page of a runtime until Ctrl+C. @throws the reason for which the runtime cannot continue */
  serve(runtime: { readonly failureSignal: AbortSignal }): Promise<void>;
}

/** Lets Ctrl+C stop a demo. */
export const createStoppable = (): Stoppable => {
  const stop = new AbortController();
  let isServing = false;
  const stopRequested = new Promise<void>((resolve) =>
    onStopSignal(() => {
      if (!isServing) stop.abort(new CommandError("The demo was stopped."));
      resolve();
    }),
  );
  return {
    signal: stop.signal,
    async serve({ failureSignal }) {
      isServing = true;
      const failed = new Promise<void>((resolve) => failureSignal.addEventListener("abort", () => resolve()));
      await Promise.race([stopRequested, failed]);
      failureSignal.throwIfAborted();
    },
  };
};
