import { constants } from "node:os";

/** Signals by which a person, a terminal that closes, or a supervisor asks the program to end. */
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls `stop` on the first signal that asks the program to end; a second one ends it at once, whatever it does.
 *
 * @returns takes the listeners away again
 */
export const onStopSignal = (onStop: (signal: NodeJS.Signals) => void): (() => void) => {
  let isStopping = false;
  const listener = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(128 + constants.signals[signal]);
    isStopping = true;
    onStop(signal);
  };
  // Lasting listeners: a library that restores the cursor ends the program itself where it finds none but its own.
  for (const signal of stopSignals) process.on(signal, listener);
  return () => {
    for (const signal of stopSignals) process.off(signal, listener);
  };
};
