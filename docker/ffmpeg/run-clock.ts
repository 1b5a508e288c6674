/** The time of one run of a program that counts. */
export interface RunClock {
  /** Milliseconds that it has run. */
  readonly workedMs: number;
  /** Milliseconds since its last sign of progress. */
  readonly idleMs: number;
}
export interface ClockTick {
  /** Milliseconds since the last tick, by a monotonic clock. */
  readonly elapsedMs: number;
  /** Milliseconds between two ticks, as they are meant. */
  readonly periodMs: number;
  /** The run waits for the store. */
  readonly isWaiting: boolean;
  /** The run has shown progress since the last tick. */
  readonly hasProgressed: boolean;
}

export const initialClock: RunClock = { workedMs: 0, idleMs: 0 };

/**
 * The clock one tick later. The time that a run waits for the store does not count, since the store's reader bounds
 * that itself and another attempt may pass. A tick counts as two periods at most: where more time has gone by, the
 * worker was suspended or had no CPU, and so had the program.
 */
export const advanceClock = (clock: RunClock, tick: ClockTick): RunClock => {
  const countedMs = tick.isWaiting ? 0 : Math.min(tick.elapsedMs, 2 * tick.periodMs);
  return {
    workedMs: clock.workedMs + countedMs,
    idleMs: tick.hasProgressed ? 0 : clock.idleMs + countedMs,
  };
};
