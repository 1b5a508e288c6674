import { constants } from "node:os";

/** Signals that ask the program to stop: Ctrl+C, a supervisor, a closed terminal. */
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls `onStop` on the first stop signal. A second signal ends the process at once.
 *
 * @returns function that removes the listeners
 */
export const onStopSignal = (onStop: (signal: NodeJS.Signals) => void): (() => void) => {
  let isStopping = false;
  const listener = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(128 + constants.signals[signal]);
    isStopping = true;
    onStop(signal);
  };
  // Kept for the whole run: without another listener, the library that restores the cursor ends the process itself.
  for (const signal of stopSignals) process.on(signal, listener);
  return () => {
    for (const signal of stopSignals) process.off(signal, listener);
  };
};
