import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { TokenBucket } from "../../pipeline/ports/token-bucket.ts";
import { createItemStore } from "./item-store.ts";

/** How long the item of an unused bucket is kept, seconds. */
const retentionSeconds = 86_400;
const maxTries = 3;
/** Wait that is returned if other callers won every try, milliseconds. */
const contentionWaitMs = 200;

/**
 * Creates a token bucket in the `jobs` table: one item per bucket, with the time at which the next token would be due if
 * tokens were taken at the rate (`nextAt`, milliseconds since the epoch).
 */
export const createDynamoTokenBucket = (
  client: DynamoDBClient,
  tableName: string,
  clock: Clock,
): TokenBucket => {
  const items = createItemStore(client, tableName);
  return {
    async take(name, { perSecond, burst }) {
      const id = `bucket#${name}`;
      // A whole number, so that the sums are exact.
      const intervalMs = Math.ceil(1000 / perSecond);
      for (let attempt = 1; attempt <= maxTries; attempt += 1) {
        const item = await items.get(id);
        const now = clock.now().getTime();
        const nextAt = Math.max(now, typeof item?.nextAt === "number" ? item.nextAt : 0);
        const waitMs = nextAt - (burst - 1) * intervalMs - now;
        if (waitMs > 0) return waitMs;
        const isTaken = await items.update(id, {
          set: { nextAt: nextAt + intervalMs, expiresAt: Math.floor(now / 1000) + retentionSeconds },
          ...(item === undefined
            ? { condition: "attribute_not_exists(id)" }
            : { condition: "nextAt = :read", values: { ":read": item.nextAt } }),
        });
        if (isTaken !== undefined) return 0;
      }
      return contentionWaitMs;
    },
  };
};
