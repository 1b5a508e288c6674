import { oneLine } from "../pipeline/errors/user-error.ts";
import type { Log } from "../pipeline/ports/services.ts";
import { settledWithin } from "./patience.ts";

/** A run is left behind that takes longer: each of its steps is whole in itself, and the next start runs again. */
const patienceMilliseconds = 300;

/** Something done again and again, and at once when kicked; never twice at the same time. */
export interface Tick {
  kick(): void;
  /** Settles when a run under way is over, or has taken too long. */
  close(): Promise<void>;
}

/** Runs `act` every so many seconds. A kick during a run makes one more follow. */
export const startTick = (name: string, seconds: number, act: () => Promise<unknown>, log: Log): Tick => {
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;
  const turn = async (): Promise<void> => {
    do {
      again = false;
      try {
        await act();
      } catch (cause) {
        if (!closed) log.warn(`The ${name} failed; it runs again`, { cause: oneLine(cause) });
      }
    } while (again && !closed);
  };
  const kick = (): void => {
    if (closed) return;
    if (running !== undefined) {
      again = true;
      return;
    }
    running = turn().finally(() => {
      running = undefined;
    });
  };
  const timer = setInterval(kick, seconds * 1000);
  return {
    kick,
    async close() {
      closed = true;
      clearInterval(timer);
      if (running !== undefined) await settledWithin(running, patienceMilliseconds);
    },
  };
};
