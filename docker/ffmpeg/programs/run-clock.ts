/** Counted time of one run of a program. */
export interface RunClock {
  /** Milliseconds of work. */
  readonly workedMs: number;
  /** Milliseconds since its last progress. */
  readonly idleMs: number;
}
export interface ClockTick {
  /** Milliseconds since the last tick, from a monotonic clock. */
  readonly elapsedMs: number;
  /** Nominal milliseconds between ticks. */
  readonly periodMs: number;
  /** True if the run waits for the object store. */
  readonly isWaiting: boolean;
  /** True if the run has made progress since the last tick. */
  readonly hasProgressed: boolean;
}

export const initialClock: RunClock = { workedMs: 0, idleMs: 0 };

/**
 * Advances the clock by one tick. Time that a run waits for the object store does not count: the reader has its own
 * timeout, and another attempt may succeed. A tick counts as two periods at most: if more time has passed, worker and
 * program were suspended or had no CPU.
 */
export const advanceClock = (clock: RunClock, tick: ClockTick): RunClock => {
  const countedMs = tick.isWaiting ? 0 : Math.min(tick.elapsedMs, 2 * tick.periodMs);
  return {
    workedMs: clock.workedMs + countedMs,
    idleMs: tick.hasProgressed ? 0 : clock.idleMs + countedMs,
  };
};
