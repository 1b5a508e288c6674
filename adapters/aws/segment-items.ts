import { type AppearanceStore, maxSegmentSeconds } from "../../pipeline/highlights/appearance-store.ts";
import type { ArchivedSegment } from "../../pipeline/highlights/segment.ts";
import { isInTimeRange, normalizeSegment } from "../../pipeline/highlights/storage-rules.ts";
import { formatTimeId } from "../../pipeline/ports/tables.ts";
import { decodeCandidates, encodeCandidates } from "./candidate-frames.ts";
import { decodeFrameTimes, encodeFrameTimes } from "./frame-times.ts";
import type { Item } from "./item.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";
import { toTimeIdRange } from "./time-range.ts";

const itemPrefix = "segment#";
/** After every id. */
const lastId = "\uffff";

const toSegmentKey = (channel: string, id: string) => ({ channel, item: `${itemPrefix}${id}` });

const isSegment = (value: unknown): value is Omit<ArchivedSegment, "frameTimes" | "candidates"> =>
  typeof value === "object" &&
  value !== null &&
  "id" in value &&
  typeof value.id === "string" &&
  "startTime" in value &&
  typeof value.startTime === "number" &&
  "durationSeconds" in value &&
  typeof value.durationSeconds === "number" &&
  "key" in value &&
  typeof value.key === "string";

/** Converts an item; undefined if it is not a segment. */
const toSegment = (item: Item | undefined): ArchivedSegment | undefined =>
  item !== undefined &&
  isSegment(item.segment) &&
  item.frameTimes instanceof Uint8Array &&
  item.candidates instanceof Uint8Array
    ? {
        ...item.segment,
        frameTimes: decodeFrameTimes(item.frameTimes),
        candidates: decodeCandidates(item.candidates),
      }
    : undefined;

async function* toSegments(items: AsyncIterable<Item>): AsyncGenerator<ArchivedSegment> {
  for await (const item of items) {
    const segment = toSegment(item);
    if (segment !== undefined) yield segment;
  }
}

/**
 * Operations on the items of archived segments.
 *
 * @param computeExpiry the expiry of a channel's item that is written now, epoch seconds
 */
export const createSegmentItems = (
  items: ItemStore,
  computeExpiry: (channel: string) => number,
): Pick<AppearanceStore, "putSegment" | "readSegment" | "listSegments"> => {
  const readSegment = async (channel: string, id: string): Promise<ArchivedSegment | undefined> =>
    toSegment(await items.get(toSegmentKey(channel, id)));
  return {
    async putSegment(segment) {
      const normalized = normalizeSegment(segment);
      const { frameTimes, candidates, ...fields } = normalized;
      const isNew = await items.putIfAbsent({
        ...toSegmentKey(segment.channel, segment.id),
        startTimeId: formatTimeId(segment.startTime, segment.id),
        segment: fields,
        frameTimes: encodeFrameTimes(frameTimes),
        candidates: encodeCandidates(candidates),
        expiresAt: computeExpiry(segment.channel),
      });
      const stored = isNew ? undefined : await readSegment(segment.channel, segment.id);
      return { isNew, segment: stored ?? normalized };
    },
    readSegment,
    async *listSegments(channel, range) {
      if ("fromTime" in range) {
        const { fromTime, toTime } = range;
        if (fromTime >= toTime) return;
        const found = queryAllItems(items, {
          index: "channel-start",
          attribute: "channel",
          value: channel,
          range: { attribute: "startTimeId", ...toTimeIdRange(fromTime - maxSegmentSeconds, toTime) },
          ascending: true,
        });
        for await (const segment of toSegments(found)) if (isInTimeRange(segment, range)) yield segment;
        return;
      }
      const { fromId = "", toId = lastId } = range;
      if (fromId > toId) return;
      yield* toSegments(
        queryAllItems(items, {
          attribute: "channel",
          value: channel,
          range: { attribute: "item", from: `${itemPrefix}${fromId}`, to: `${itemPrefix}${toId}` },
          ascending: true,
        }),
      );
    },
  };
};
