/** Caps of a channel's detections. */
export interface DetectionCaps {
  readonly maxDetectionsPerHour: number;
  readonly maxUsdPerDay: number;
}
/** Reserved detections in the hour (UTC) and dollars in the day (UTC) of a time. */
export interface DetectionUsage {
  readonly detectionsThisHour: number;
  readonly usdToday: number;
}
/** Whether a detection may be made. */
export type CapDecision =
  | { readonly isAllowed: true }
  | {
      readonly isAllowed: false;
      /** The cap that is reached; of two, the one that resets later. */
      readonly cap: keyof DetectionCaps;
      /**
       * Epoch seconds at which its count begins again; absent if one detection costs more than the cap of a day. Until
       * then, detections are allowed at the even rate of the cap.
       */
      readonly resetsAt?: number;
    };

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;

/** Converts dollars to whole micro-dollars, whose sums are exact. */
export const toMicroUsd = (usd: number): number => Math.round(usd * 1e6);
export const toUsd = (microUsd: number): number => microUsd / 1e6;
const getNext = (at: number, seconds: number): number => (Math.floor(at / seconds) + 1) * seconds;

/** The part of a cap that can be used at once, when its count begins. */
const burstShare = 0.1;
/** Detections that can be made at once, whatever the cap is. */
const minBurst = 10;

/** What is allowed of a cap until a time: a burst, then an even rate that reaches the cap when its count begins again. */
const spreadCap = (cap: number, minimum: number, at: number, seconds: number): number => {
  const burst = Math.min(cap, Math.max(minimum, cap * burstShare));
  return Math.floor(burst + ((cap - burst) * (at % seconds)) / seconds);
};

/**
 * Computes how much of the caps may be used up to a time. They are spread over the hour and the day, so that a busy
 * minute does not leave a channel without detections for the rest of it. What is left can be used later.
 *
 * @param usd price of the next detection; a free one may use the whole cap of dollars
 * @param at epoch seconds
 */
export const computeAllowance = (
  { maxDetectionsPerHour, maxUsdPerDay }: DetectionCaps,
  usd: number,
  at: number,
): { readonly maxDetections: number; readonly maxMicroUsd: number } => ({
  maxDetections: spreadCap(maxDetectionsPerHour, minBurst, at, hourSeconds),
  maxMicroUsd:
    usd === 0
      ? toMicroUsd(maxUsdPerDay)
      : spreadCap(toMicroUsd(maxUsdPerDay), minBurst * toMicroUsd(usd), at, daySeconds),
});

/**
 * Decides whether one more detection stays within the caps.
 *
 * @param usd price of the detection
 * @param at epoch seconds: the time that `usage` is of
 */
export const checkCaps = (
  caps: DetectionCaps,
  { detectionsThisHour, usdToday }: DetectionUsage,
  usd: number,
  at: number,
): CapDecision => {
  const { maxDetections, maxMicroUsd } = computeAllowance(caps, usd, at);
  if (toMicroUsd(usd) > toMicroUsd(caps.maxUsdPerDay)) return { isAllowed: false, cap: "maxUsdPerDay" };
  if (toMicroUsd(usdToday) + toMicroUsd(usd) > maxMicroUsd)
    return { isAllowed: false, cap: "maxUsdPerDay", resetsAt: getNext(at, daySeconds) };
  if (detectionsThisHour + 1 > maxDetections)
    return { isAllowed: false, cap: "maxDetectionsPerHour", resetsAt: getNext(at, hourSeconds) };
  return { isAllowed: true };
};
