import {
  type AppearanceStore,
  type DetectionRecord,
  sightingKinds,
} from "../../pipeline/highlights/appearance-store.ts";
import type { FrameReference } from "../../pipeline/highlights/segment.ts";
import { formatFrameId } from "../../pipeline/highlights/storage-rules.ts";
import { type Detection, detectionFailureKinds } from "../../pipeline/ports/label-detector.ts";
import { formatTimeId } from "../../pipeline/ports/tables.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { Item } from "./item.ts";
import { frameSchema, type ObjectShape } from "./item-schemas.ts";
import { truncateDetail } from "./item-size.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";
import { toTimeIdRange } from "./time-range.ts";

const toDetectionKey = (channel: string, frame: FrameReference) => ({
  channel,
  frameId: formatFrameId(frame),
});
const statusNames = { "#status": "status" };
const heldCondition = "#status = :calling AND claimToken = :claimToken";

const boxSchema = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });
const detectionSchema = z.object({
  labels: z.array(z.object({ name: z.string(), confidence: z.number(), boxes: z.array(boxSchema) })),
  celebrities: z.array(
    z.object({ id: z.string(), name: z.string(), confidence: z.number(), urls: z.array(z.string()) }),
  ),
  celebritiesFailure: z.optional(z.object({ kind: z.enum(detectionFailureKinds), message: z.string() })),
} satisfies ObjectShape<Detection>);
const detectedItemSchema = z.object({
  status: z.literal("detected"),
  record: z.object({
    frame: frameSchema,
    detection: detectionSchema,
    imageKey: z.optional(z.string()),
    usd: z.number(),
    omitted: z.optional(z.enum(sightingKinds)),
  } satisfies ObjectShape<DetectionRecord>),
});

/** Converts an item; undefined if it has no result. */
const toDetectionRecord = (item: Item | undefined): DetectionRecord | undefined =>
  detectedItemSchema.safeParse(item).data?.record;

/**
 * Operations on the items of detections. Only one with a result has a `timeId`, so the index holds no others.
 *
 * @param computeExpiry the expiry of a channel's item that is written now, epoch seconds
 */
export const createDetectionItems = (
  items: ItemStore,
  computeExpiry: (channel: string) => number,
): Pick<
  AppearanceStore,
  "claimDetection" | "readDetection" | "storeDetection" | "failDetection" | "listDetections"
> => ({
  async claimDetection(channel, frame, { token, at }) {
    const key = toDetectionKey(channel, frame);
    const claimed = await items.update(key, {
      set: {
        status: "calling",
        claimToken: token,
        claimedAt: at,
        failure: undefined,
        expiresAt: computeExpiry(channel),
      },
      condition: "attribute_not_exists(#status) OR #status = :failed",
      names: statusNames,
      values: { ":failed": "failed" },
    });
    if (claimed !== undefined) return { status: "claimed" };
    const item = await items.get(key);
    const record = toDetectionRecord(item);
    return record === undefined
      ? { status: "unknown", reason: item?.status === "lost" ? "lost" : "abandoned" }
      : { status: "detected", record };
  },
  async readDetection(channel, frame) {
    return toDetectionRecord(await items.get(toDetectionKey(channel, frame)));
  },
  async storeDetection(channel, frame, token, result) {
    const key = toDetectionKey(channel, frame);
    const stored = await items.update(key, {
      set: {
        status: "detected",
        record: { frame, ...result },
        timeId: formatTimeId(frame.time, key.frameId),
        expiresAt: computeExpiry(channel),
      },
      condition: heldCondition,
      names: statusNames,
      values: { ":calling": "calling", ":claimToken": token },
    });
    if (stored !== undefined) return true;
    const item = await items.get(key);
    return item?.status === "detected" && item.claimToken === token;
  },
  async failDetection(channel, frame, token, { kind, message, mayBeBilled = false }) {
    const item = await items.update(toDetectionKey(channel, frame), {
      set: {
        status: mayBeBilled ? "lost" : "failed",
        failure: { kind, message: truncateDetail(message) },
        expiresAt: computeExpiry(channel),
      },
      condition: heldCondition,
      names: statusNames,
      values: { ":calling": "calling", ":claimToken": token },
    });
    return item !== undefined;
  },
  async *listDetections(channel, { fromTime, toTime }) {
    if (fromTime >= toTime) return;
    for await (const item of queryAllItems(items, {
      index: "channel-time",
      attribute: "channel",
      value: channel,
      range: { attribute: "timeId", ...toTimeIdRange(fromTime, toTime) },
      ascending: true,
    })) {
      const record = toDetectionRecord(item);
      if (record !== undefined && record.frame.time >= fromTime && record.frame.time < toTime) yield record;
    }
  },
});
