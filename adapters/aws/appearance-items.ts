import { isDeepStrictEqual } from "node:util";
import type { Appearance } from "../../pipeline/highlights/appearance.ts";
import type { AppearanceStore, StoredAppearance } from "../../pipeline/highlights/appearance-store.ts";
import { formatTimeId } from "../../pipeline/ports/tables.ts";
import type { Item } from "./item.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";
import { decodePageCursor, takePage } from "./pages.ts";

const isAppearance = (value: unknown): value is Appearance =>
  typeof value === "object" &&
  value !== null &&
  "id" in value &&
  typeof value.id === "string" &&
  "channel" in value &&
  typeof value.channel === "string" &&
  "label" in value &&
  typeof value.label === "string" &&
  "status" in value &&
  (value.status === "open" || value.status === "closed") &&
  "start" in value &&
  typeof value.start === "object";

/** Converts an item; undefined if it is not an appearance. */
const toAppearance = (item: Item | undefined): StoredAppearance | undefined =>
  item !== undefined && isAppearance(item.appearance) && typeof item.revision === "number"
    ? { ...item.appearance, revision: item.revision }
    : undefined;
const toAppearances = (items: readonly Item[]): readonly StoredAppearance[] =>
  items.map(toAppearance).filter((appearance) => appearance !== undefined);

const formatChannelLabel = (channel: string, label: string): string => `${channel}#${label}`;

/** The attributes of an item besides its key and its expiry. One that was merged is in no index. */
const toAttributes = (appearance: Appearance): Item => {
  const { id, channel, label, status, start, mergedInto } = appearance;
  const isListed = mergedInto === undefined;
  return {
    appearance,
    startTimeId: isListed ? formatTimeId(start.time, id) : undefined,
    channelLabel: isListed ? formatChannelLabel(channel, label) : undefined,
    openChannel: isListed && status === "open" ? channel : undefined,
  };
};

/**
 * Operations on the items of appearances.
 *
 * @param computeExpiry the expiry of a channel's item that is written now, epoch seconds
 */
export const createAppearanceItems = (
  items: ItemStore,
  computeExpiry: (channel: string) => number,
): Pick<AppearanceStore, "putAppearance" | "readAppearance" | "listAppearances" | "listOpenAppearances"> => {
  const readAppearance = async (channel: string, id: string): Promise<StoredAppearance | undefined> =>
    toAppearance(await items.get({ channel, id }));
  const write = async (appearance: Appearance, expectedRevision: number | undefined): Promise<boolean> => {
    const { channel, id } = appearance;
    const attributes = { ...toAttributes(appearance), expiresAt: computeExpiry(channel) };
    if (expectedRevision === undefined) return items.putIfAbsent({ channel, id, ...attributes, revision: 1 });
    const item = await items.update(
      { channel, id },
      {
        set: { ...attributes, revision: expectedRevision + 1 },
        condition: "revision = :revision",
        values: { ":revision": expectedRevision },
      },
    );
    return item !== undefined;
  };
  return {
    async putAppearance(appearance, expectedRevision) {
      const next: StoredAppearance = { ...appearance, revision: (expectedRevision ?? 0) + 1 };
      if (await write(appearance, expectedRevision)) return { written: true, appearance: next };
      const stored = await readAppearance(appearance.channel, appearance.id);
      return { written: isDeepStrictEqual(stored, next), appearance: stored };
    },
    readAppearance,
    async listAppearances(channel, { label, limit = 50, cursor } = {}) {
      const newestFirst = queryAllItems(items, {
        ...(label === undefined
          ? { index: "channel-start", attribute: "channel", value: channel }
          : { index: "label-start", attribute: "channelLabel", value: formatChannelLabel(channel, label) }),
        range: { attribute: "startTimeId", after: decodePageCursor(cursor) },
        ascending: false,
        limit: limit + 1,
      });
      const page = await takePage(newestFirst, limit, "startTimeId");
      return {
        appearances: toAppearances(page.items),
        ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
      };
    },
    async listOpenAppearances(channel) {
      const found: Item[] = [];
      for await (const item of queryAllItems(items, {
        index: "open",
        attribute: "openChannel",
        value: channel,
        ascending: false,
      }))
        found.push(item);
      return toAppearances(found);
    },
  };
};
