import type { AppearanceStore } from "../../pipeline/highlights/appearance-store.ts";
import { computeUsagePeriods } from "../../pipeline/highlights/storage-rules.ts";
import {
  checkCaps,
  computeAllowance,
  type DetectionUsage,
  toMicroUsd,
  toUsd,
} from "../../pipeline/highlights/usage.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { ItemStore } from "./item-store.ts";

/** Item and attributes of the counts of a time: one item a day, with a count for each hour. */
const locateCounts = (channel: string, at: number) => {
  const { day, hour } = computeUsagePeriods(at);
  return { key: { channel, item: `day#${day}` }, hourAttribute: `hour${hour}` };
};

/**
 * Operations on the counts of detections and dollars.
 *
 * @param computeExpiry the expiry of a channel's item that is written now, epoch seconds
 */
export const createUsageItems = (
  items: ItemStore,
  computeExpiry: (channel: string) => number,
): Pick<AppearanceStore, "reserveDetection" | "readUsage"> => {
  const readUsage = async (channel: string, at: number): Promise<DetectionUsage> => {
    const { key, hourAttribute } = locateCounts(channel, at);
    const item = await items.get(key);
    return {
      detectionsThisHour: Number(item?.[hourAttribute] ?? 0),
      usdToday: toUsd(Number(item?.microUsd ?? 0)),
    };
  };
  return {
    readUsage,
    async reserveDetection(channel, at, usd, caps) {
      const first = checkCaps(caps, { detectionsThisHour: 0, usdToday: 0 }, usd, at);
      if (!first.isAllowed) return first;
      const { key, hourAttribute } = locateCounts(channel, at);
      const microUsd = toMicroUsd(usd);
      const { maxDetections, maxMicroUsd } = computeAllowance(caps, usd, at);
      const item = await items.update(key, {
        set: { expiresAt: computeExpiry(channel) },
        add: { [hourAttribute]: 1, microUsd },
        condition:
          "(attribute_not_exists(#hour) OR #hour <= :maxDetections) AND (attribute_not_exists(microUsd) OR microUsd <= :maxMicroUsd)",
        names: { "#hour": hourAttribute },
        values: {
          ":maxDetections": maxDetections - 1,
          ":maxMicroUsd": maxMicroUsd - microUsd,
        },
      });
      if (item !== undefined) return { isAllowed: true };
      const decision = checkCaps(caps, await readUsage(channel, at), usd, at);
      if (!decision.isAllowed) return decision;
      // Counts only grow, so this is an earlier try of the request, or the item has expired since.
      throw new StoreFailure(
        "transient",
        `The result of reserving a detection for channel ${channel} is unknown. Retry the call.`,
      );
    },
  };
};
