import { type JobStatus, jobStatuses } from "../../pipeline/job/status.ts";
import { statusShards } from "../../pipeline/tables.ts";
import { eachItem, firstItems, type Item, type Items } from "./items.ts";

const arrival = (item: Item): string => String(item.arrival);

const shardQueries = (status: JobStatus, ascending: boolean) =>
  Array.from({ length: statusShards }, (_, shard) => ({
    index: "status-created",
    attribute: "statusShard",
    value: `${status}#${shard}`,
    ascending,
  }));

/** Every item of a status, oldest first, out of all its partitions. */
export async function* oldestOfStatus(items: Items, status: JobStatus): AsyncGenerator<Item> {
  const shards = shardQueries(status, true).map((query) => eachItem(items, query));
  const heads = await Promise.all(shards.map(async (shard) => ({ shard, next: await shard.next() })));
  for (;;) {
    let oldest: { item: Item; head: (typeof heads)[number] } | undefined;
    for (const head of heads)
      if (
        head.next.done !== true &&
        (oldest === undefined || arrival(head.next.value) < arrival(oldest.item))
      )
        oldest = { item: head.next.value, head };
    if (oldest === undefined) return;
    yield oldest.item;
    oldest.head.next = await oldest.head.shard.next();
  }
}

/** The newest items of a status, at most `limit`, those older than the one that arrived `before`. */
export const newestOfStatus = async (
  items: Items,
  status: JobStatus,
  limit: number,
  before: string | undefined,
): Promise<readonly Item[]> => {
  const shards = await Promise.all(
    shardQueries(status, false).map((query) => firstItems(items, { ...query, limit, beyond: before })),
  );
  return shards
    .flat()
    .sort((a, b) => (arrival(a) < arrival(b) ? 1 : -1))
    .slice(0, limit);
};

/** Whether an item is the record of a job, Reelway's or the transcoder's: both tables hold other items too. */
export const isRecord = (item: Item): boolean =>
  typeof item.id === "string" &&
  jobStatuses.some((status) => status === item.status) &&
  typeof item.attempt === "number" &&
  typeof item.attemptLimit === "number" &&
  typeof item.createdAt === "string" &&
  typeof item.updatedAt === "string" &&
  typeof item.progress === "object" &&
  Array.isArray(item.outputs) &&
  Array.isArray(item.history);
