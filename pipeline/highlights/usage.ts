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
      /** Epoch seconds at which its count begins again; absent if one detection costs more than the cap of a day. */
      readonly resetsAt?: number;
    };

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;

/** Converts dollars to whole micro-dollars, whose sums are exact. */
export const toMicroUsd = (usd: number): number => Math.round(usd * 1e6);
export const toUsd = (microUsd: number): number => microUsd / 1e6;
const getNext = (at: number, seconds: number): number => (Math.floor(at / seconds) + 1) * seconds;

/**
 * Decides whether one more detection stays within the caps.
 *
 * @param usd price of the detection
 * @param at epoch seconds: the time that `usage` is of
 */
export const checkCaps = (
  { maxDetectionsPerHour, maxUsdPerDay }: DetectionCaps,
  { detectionsThisHour, usdToday }: DetectionUsage,
  usd: number,
  at: number,
): CapDecision => {
  if (toMicroUsd(usd) > toMicroUsd(maxUsdPerDay)) return { isAllowed: false, cap: "maxUsdPerDay" };
  if (toMicroUsd(usdToday) + toMicroUsd(usd) > toMicroUsd(maxUsdPerDay))
    return { isAllowed: false, cap: "maxUsdPerDay", resetsAt: getNext(at, daySeconds) };
  if (detectionsThisHour + 1 > maxDetectionsPerHour)
    return { isAllowed: false, cap: "maxDetectionsPerHour", resetsAt: getNext(at, hourSeconds) };
  return { isAllowed: true };
};
