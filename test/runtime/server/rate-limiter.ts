import type { Clock } from "../../../pipeline/ports/clock.ts";
import type { RateLimiter } from "../../../pipeline/ports/rate-limiter.ts";

/** A rate limiter that counts in memory. */
export const createMemoryRateLimiter = (clock: Clock): RateLimiter => {
  const counts = new Map<string, number>();
  return {
    async take(key, limit, windowSeconds) {
      const nowSeconds = clock.now().getTime() / 1000;
      const windowNumber = Math.floor(nowSeconds / windowSeconds);
      const windowKey = `${key} ${windowNumber}`;
      const count = counts.get(windowKey) ?? 0;
      if (count >= limit) return Math.ceil((windowNumber + 1) * windowSeconds - nowSeconds);
      counts.set(windowKey, count + 1);
      return 0;
    },
  };
};
