import {
  type AppearanceStore,
  type LabelRecord,
  type SightingKind,
  sightingKinds,
} from "../../pipeline/highlights/appearance-store.ts";
import { formatFrameId } from "../../pipeline/highlights/storage-rules.ts";
import { formatTimeId } from "../../pipeline/ports/tables.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { Item } from "./item.ts";
import type { ItemUpdate } from "./item-expressions.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";
import { decodePageCursor, takePage } from "./pages.ts";

const labelItemSchema = z.object({
  kind: z.enum(sightingKinds),
  id: z.string(),
  name: z.string(),
  sightingCount: z.number(),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
  confidence: z.number(),
  imageKey: z.optional(z.string()),
  urls: z.optional(z.array(z.string())),
});

/** Converts an item; undefined if it is not a label or a celebrity. */
const toLabel = (item: Item): LabelRecord | undefined => {
  const parsed = labelItemSchema.safeParse(item);
  if (!parsed.success) return undefined;
  const { sightingCount, ...label } = parsed.data;
  return { ...label, count: sightingCount };
};

const formatChannelKind = (channel: string, kind: SightingKind): string => `${channel}#${kind}`;

/**
 * Operations on the items of labels and celebrities.
 *
 * @param computeExpiry the expiry of a channel's item that is written now, epoch seconds
 */
export const createLabelItems = (
  items: ItemStore,
  computeExpiry: (channel: string) => number,
): Pick<AppearanceStore, "recordSighting" | "listLabels"> => ({
  async recordSighting(channel, { kind, id, name, frame, confidence, imageKey, urls }) {
    const key = { channelKind: formatChannelKind(channel, kind), id };
    const frameId = formatFrameId(frame);
    const count = async (set: ItemUpdate["set"], condition: string): Promise<boolean> => {
      const item = await items.update(key, {
        set: {
          kind,
          name,
          lastSeenAt: frame.time,
          lastSeenId: formatTimeId(frame.time, id),
          lastFrameId: frameId,
          imageKey,
          urls,
          expiresAt: computeExpiry(channel),
          ...set,
        },
        setIfAbsent: { firstSeenAt: frame.time },
        add: { sightingCount: 1 },
        condition,
        values: { ":frameId": frameId, ":confidence": confidence },
      });
      return item !== undefined;
    };
    const countBelowMaximum = () => count({}, "lastFrameId < :frameId AND confidence >= :confidence");
    const countNewMaximum = () =>
      count(
        { confidence },
        "attribute_not_exists(lastFrameId) OR (lastFrameId < :frameId AND confidence < :confidence)",
      );
    // The highest confidence only rises, so a third try finds what changed between the first two.
    return (await countBelowMaximum()) || (await countNewMaximum()) || countBelowMaximum();
  },
  async listLabels(channel, kind, { limit = 50, cursor } = {}) {
    const newestFirst = queryAllItems(items, {
      index: "last-seen",
      attribute: "channelKind",
      value: formatChannelKind(channel, kind),
      range: { attribute: "lastSeenId", after: decodePageCursor(cursor) },
      ascending: false,
      limit: limit + 1,
    });
    const page = await takePage(newestFirst, limit, "lastSeenId");
    return {
      labels: page.items.map(toLabel).filter((label) => label !== undefined),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  },
});
