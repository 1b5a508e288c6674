import { type JobStatus, jobStatuses } from "../../pipeline/attempts/job-status.ts";
import { statusShardCount } from "../../pipeline/ports/tables.ts";
import type { Item } from "./item.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";

const getCreatedAtId = (item: Item): string => String(item.createdAtId);

interface StatusQuery {
  readonly ascending: boolean;
  /** Only items after this `arrival`, in the query's direction. */
  readonly afterCreatedAtId?: string | undefined;
  /** Maximum number of items; absent: all. */
  readonly limit?: number;
}

/**
 * Number of items to read from each partition for a page. The items of a page are spread at random, so that one partition
 * in a thousand has more than its mean and three standard deviations; the rest of it is read then.
 */
const computeShardLimit = (limit: number): number => {
  const mean = limit / statusShardCount;
  return Math.ceil(mean + 3 * Math.sqrt(mean * (1 - 1 / statusShardCount)));
};

/** Yields the items of a status ordered by `createdAtId`, merged from all its partitions. */
export async function* queryItemsByStatus(
  items: ItemStore,
  status: JobStatus,
  { ascending, afterCreatedAtId, limit }: StatusQuery,
): AsyncGenerator<Item> {
  const shardLimit = limit === undefined ? undefined : computeShardLimit(limit);
  const heads = await Promise.all(
    Array.from({ length: statusShardCount }, async (_, shardNumber) => {
      const value = `${status}#${shardNumber}`;
      const query = { index: "status-created", attribute: "statusShard", value, ascending, afterCreatedAtId };
      const shard = queryAllItems(items, { ...query, limit: shardLimit });
      return { shard, next: await shard.next() };
    }),
  );
  const isBefore = (a: Item, b: Item) => getCreatedAtId(a) < getCreatedAtId(b) === ascending;
  for (let count = 0; limit === undefined || count < limit; count += 1) {
    let first: { item: Item; head: (typeof heads)[number] } | undefined;
    for (const head of heads)
      if (head.next.done !== true && (first === undefined || isBefore(head.next.value, first.item)))
        first = { item: head.next.value, head };
    if (first === undefined) return;
    yield first.item;
    first.head.next = await first.head.shard.next();
  }
}

/** True if an item is the record of a job, Reelway's or the transcoder's. Both tables contain other items too. */
export const isJobRecord = (item: Item): boolean =>
  typeof item.id === "string" &&
  jobStatuses.some((status) => status === item.status) &&
  typeof item.attempt === "number" &&
  typeof item.maxAttempts === "number" &&
  typeof item.createdAt === "string" &&
  typeof item.updatedAt === "string" &&
  typeof item.progress === "object" &&
  Array.isArray(item.outputs) &&
  Array.isArray(item.history);
