import { type JobStatus, jobStatuses } from "../../pipeline/attempts/job-status.ts";
import { statusShards } from "../../pipeline/ports/tables.ts";
import { eachItem, type Item, type Items } from "./items.ts";

const arrival = (item: Item): string => String(item.arrival);

interface StatusQuery {
  readonly ascending: boolean;
  /** Only items that arrived beyond this one, in the query's direction. */
  readonly beyond?: string | undefined;
  /** Items that will be taken; absent: all. */
  readonly limit?: number;
}

/** Items of a status in the order of their arrival, merged out of all its partitions as they are taken. */
export async function* itemsOfStatus(
  items: Items,
  status: JobStatus,
  { ascending, beyond, limit }: StatusQuery,
): AsyncGenerator<Item> {
  const fetched = limit === undefined ? undefined : Math.ceil((2 * limit) / statusShards);
  const heads = await Promise.all(
    Array.from({ length: statusShards }, async (_, number) => {
      const value = `${status}#${number}`;
      const query = { index: "status-created", attribute: "statusShard", value, ascending, beyond };
      const shard = eachItem(items, { ...query, limit: fetched });
      return { shard, next: await shard.next() };
    }),
  );
  const isBefore = (a: Item, b: Item) => arrival(a) < arrival(b) === ascending;
  for (let taken = 0; limit === undefined || taken < limit; taken += 1) {
    let first: { item: Item; head: (typeof heads)[number] } | undefined;
    for (const head of heads)
      if (head.next.done !== true && (first === undefined || isBefore(head.next.value, first.item)))
        first = { item: head.next.value, head };
    if (first === undefined) return;
    yield first.item;
    first.head.next = await first.head.shard.next();
  }
}

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
