/** Deliveries are retried for this long, seconds. The last attempt is at its end. */
export const retryPeriodSeconds = 86_400;

const initialDelaySeconds = 5;
const factor = 4;
const maxDelaySeconds = 4 * 3600;
/** Delays vary by this share, so that deliveries that failed together are not repeated together. */
const jitter = 0.2;

/**
 * Computes the delay before the next attempt: about 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, then 4 h.
 *
 * @param attempt number of the attempt that failed, from 1
 * @param ageSeconds since the delivery was queued
 * @param random from 0 to 1
 * @returns whole seconds; undefined if the retry period is over
 */
export const computeRetryDelaySeconds = (
  attempt: number,
  ageSeconds: number,
  random: number,
): number | undefined => {
  const remainingSeconds = Math.ceil(retryPeriodSeconds - ageSeconds);
  if (remainingSeconds <= 0) return undefined;
  const delaySeconds = Math.min(maxDelaySeconds, initialDelaySeconds * factor ** (attempt - 1));
  return Math.min(remainingSeconds, Math.round(delaySeconds * (1 - jitter + 2 * jitter * random)));
};
