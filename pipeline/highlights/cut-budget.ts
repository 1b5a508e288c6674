/** What a channel may spend on the detection of cuts: a token bucket on the channel's clock. JSON. */
export interface CutBudget {
  /** Detections that can be made at once; below 0 after those in advance. */
  readonly tokens: number;
  /** Epoch seconds of the frame at which they were counted. */
  readonly time: number;
}

/** Detections of cuts that can be made at once, after a time without. */
export const maxCutBurst = 30;
/** Detections of cuts in each second, on average. Edited programs have fewer cuts; games and flashes have more. */
export const cutsPerSecond = 1;
const secondsPerCut = 1 / cutsPerSecond;
/** Detections in advance: what follows the end of a segment is not known, so that its last cut may be one more. */
const maxAdvance = 2;

/** Counts the tokens at a frame. A clock that jumps back adds none. @param budget absent before the first cut */
const refill = (budget: CutBudget | undefined, time: number): CutBudget =>
  budget === undefined
    ? { tokens: maxCutBurst, time }
    : {
        tokens: Math.min(maxCutBurst, budget.tokens + Math.max(0, time - budget.time) * cutsPerSecond),
        time,
      };

/**
 * Decides whether a cut is detected. Without a token, one is taken in advance for a cut that no other follows before the
 * next token: it begins a scene that stays.
 *
 * @param budget absent before the first cut
 * @param time of the frame, epoch seconds
 * @param nextTime of the next candidate of its segment; absent after the last one
 * @returns the budget after it; undefined if the cut is passed over
 */
export const spendCut = (
  budget: CutBudget | undefined,
  time: number,
  nextTime: number | undefined,
): CutBudget | undefined => {
  const { tokens } = refill(budget, time);
  const isLast = nextTime === undefined || nextTime - time >= secondsPerCut;
  return tokens >= 1 || (tokens >= 1 - maxAdvance && isLast) ? { tokens: tokens - 1, time } : undefined;
};
