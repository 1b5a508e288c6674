import type { AppearanceStore, DetectionRecord } from "../../pipeline/highlights/appearance-store.ts";
import type { FrameReference } from "../../pipeline/highlights/segment.ts";
import { formatFrameId } from "../../pipeline/highlights/storage-rules.ts";
import { formatTimeId } from "../../pipeline/ports/tables.ts";
import type { Item } from "./item.ts";
import { truncateDetail } from "./item-size.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";
import { toTimeIdRange } from "./time-range.ts";

const toDetectionKey = (channel: string, frame: FrameReference) => ({
  channel,
  frameId: formatFrameId(frame),
});
const statusNames = { "#status": "status" };
const heldCondition = "#status = :calling AND claimToken = :claimToken";

const isDetectionRecord = (value: unknown): value is DetectionRecord =>
  typeof value === "object" &&
  value !== null &&
  "frame" in value &&
  typeof value.frame === "object" &&
  "detection" in value &&
  typeof value.detection === "object" &&
  "usd" in value &&
  typeof value.usd === "number";

/** Converts an item; undefined if it has no result. */
const toDetectionRecord = (item: Item | undefined): DetectionRecord | undefined =>
  item?.status === "detected" && isDetectionRecord(item.record) ? item.record : undefined;

/**
 * Operations on the items of detections. Only one with a result has a `timeId`, so the index holds no others.
 *
 * @param computeExpiry the expiry of a channel's item that is written now, epoch seconds
 */
export const createDetectionItems = (
  items: ItemStore,
  computeExpiry: (channel: string) => number,
): Pick<AppearanceStore, "claimDetection" | "storeDetection" | "failDetection" | "listDetections"> => ({
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
    const record = toDetectionRecord(await items.get(key));
    return record === undefined ? { status: "unknown" } : { status: "detected", record };
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
  async failDetection(channel, frame, token, { kind, message }) {
    const item = await items.update(toDetectionKey(channel, frame), {
      set: {
        status: "failed",
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
