import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { RateLimiter } from "../../pipeline/ports/rate-limiter.ts";
import { createItemStore } from "./item-store.ts";

/** How long the count of a window stays in the table after its end, seconds. */
const retentionSeconds = 3600;

/** Creates a rate limiter that keeps its counts in the `jobs` table: one item per key and window. */
export const createDynamoRateLimiter = (
  client: DynamoDBClient,
  tableName: string,
  clock: Clock,
): RateLimiter => {
  const items = createItemStore(client, tableName);
  return {
    async take(key, limit, windowSeconds) {
      const nowSeconds = clock.now().getTime() / 1000;
      const window = Math.floor(nowSeconds / windowSeconds);
      const endSeconds = (window + 1) * windowSeconds;
      const isCounted = await items.incrementBelowLimit(
        `rate#${key}#${windowSeconds}#${window}`,
        limit,
        endSeconds + retentionSeconds,
      );
      return isCounted ? 0 : Math.max(1, Math.ceil(endSeconds - nowSeconds));
    },
  };
};
