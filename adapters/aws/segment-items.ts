import { type AppearanceStore, maxSegmentSeconds } from "../../pipeline/highlights/appearance-store.ts";
import type { ArchivedSegment } from "../../pipeline/highlights/segment.ts";
import { isInTimeRange, normalizeSegment } from "../../pipeline/highlights/storage-rules.ts";
import { formatTimeId } from "../../pipeline/ports/tables.ts";
import * as z from "../../pipeline/schema/z.ts";
import { decodeCandidates, encodeCandidates } from "./candidate-frames.ts";
import { decodeFrameTimes, encodeFrameTimes } from "./frame-times.ts";
import type { Item } from "./item.ts";
import type { ObjectShape } from "./item-schemas.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";
import { toTimeIdRange } from "./time-range.ts";

const itemPrefix = "segment#";
/** After every id. */
const lastId = "\uffff";

const toSegmentKey = (channel: string, id: string) => ({ channel, item: `${itemPrefix}${id}` });

const segmentItemSchema = z.object({
  segment: z.object({
    channel: z.string(),
    id: z.string(),
    timeline: z.number(),
    isInterrupted: z.boolean(),
    startTime: z.number(),
    durationSeconds: z.number(),
    key: z.string(),
    bytes: z.number(),
    initialization: z.optional(z.object({ key: z.string(), bytes: z.number() })),
  } satisfies ObjectShape<Omit<ArchivedSegment, "frameTimes" | "candidates">>),
  frameTimes: z.instanceof(Uint8Array),
  candidates: z.instanceof(Uint8Array),
});

/** Converts an item; undefined if it is not a segment. */
const toSegment = (item: Item | undefined): ArchivedSegment | undefined => {
  const { data } = segmentItemSchema.safeParse(item);
  return data === undefined
    ? undefined
    : {
        ...data.segment,
        frameTimes: decodeFrameTimes(data.frameTimes),
        candidates: decodeCandidates(data.candidates),
      };
};

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
): Pick<AppearanceStore, "putSegment" | "readSegment" | "listSegments" | "readArchiveStart"> => {
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
    async readArchiveStart(channel) {
      const page = await items.query({
        index: "channel-start",
        attribute: "channel",
        value: channel,
        ascending: true,
        limit: 1,
      });
      return toSegment(page.items[0])?.startTime;
    },
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
