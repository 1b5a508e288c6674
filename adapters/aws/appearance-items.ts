import { isDeepStrictEqual } from "node:util";
import { type Appearance, type ClipRetry, edges, needsClip } from "../../pipeline/highlights/appearance.ts";
import type { AppearanceStore, StoredAppearance } from "../../pipeline/highlights/appearance-store.ts";
import { formatTimeId } from "../../pipeline/ports/tables.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { Item } from "./item.ts";
import { frameSchema, type ObjectShape } from "./item-schemas.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";
import { decodePageCursor, takePage } from "./pages.ts";

const appearanceItemSchema = z.object({
  revision: z.number(),
  appearance: z.object({
    id: z.string(),
    channel: z.string(),
    label: z.string(),
    status: z.enum(["open", "closed"]),
    start: frameSchema,
    end: z.optional(frameSchema),
    inexactEdges: z.optional(z.array(z.enum(edges))),
    confidence: z.number(),
    imageKey: z.optional(z.string()),
    clipJobId: z.optional(z.string()),
    clip: z.optional(
      z.union([
        z.object({ kind: z.literal("accepted") }),
        z.object({ kind: z.literal("refused"), reason: z.string() }),
      ]),
    ),
    clipRetry: z.optional(
      z.object({
        failures: z.number(),
        notBefore: z.number(),
        reason: z.string(),
        isTransient: z.boolean(),
      } satisfies ObjectShape<ClipRetry>),
    ),
    mergedInto: z.optional(z.string()),
  } satisfies ObjectShape<Appearance>),
});

/** Converts an item; undefined if it is not an appearance. */
const toAppearance = (item: Item | undefined): StoredAppearance | undefined => {
  const { data } = appearanceItemSchema.safeParse(item);
  return data === undefined ? undefined : { ...data.appearance, revision: data.revision };
};
const toAppearances = (items: readonly Item[]): readonly StoredAppearance[] =>
  items.map(toAppearance).filter((appearance) => appearance !== undefined);

const secondsPerDay = 86_400;

const formatChannelLabel = (channel: string, label: string): string => `${channel}#${label}`;

/** What is still to be done for a listed appearance, as a partition of the index `unfinished`. */
const formatUnfinished = (channel: string, work: "open" | "clip"): string => `${channel}#${work}`;
const findUnfinished = (appearance: Appearance): string | undefined => {
  if (appearance.status === "open") return formatUnfinished(appearance.channel, "open");
  return needsClip(appearance) ? formatUnfinished(appearance.channel, "clip") : undefined;
};

/** The attributes of an item besides its key and its expiry. One that was merged is in no index. */
const toAttributes = (appearance: Appearance): Item => {
  const { id, channel, label, start, mergedInto } = appearance;
  const isListed = mergedInto === undefined;
  return {
    appearance,
    startTimeId: isListed ? formatTimeId(start.time, id) : undefined,
    channelLabel: isListed ? formatChannelLabel(channel, label) : undefined,
    unfinished: isListed ? findUnfinished(appearance) : undefined,
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
): Pick<
  AppearanceStore,
  | "putAppearance"
  | "readAppearance"
  | "listAppearances"
  | "keepAppearance"
  | "listOpenAppearances"
  | "listUnclippedAppearances"
> => {
  const listUnfinished = async (
    channel: string,
    work: "open" | "clip",
  ): Promise<readonly StoredAppearance[]> => {
    const found: Item[] = [];
    for await (const item of queryAllItems(items, {
      index: "unfinished",
      attribute: "unfinished",
      value: formatUnfinished(channel, work),
      ascending: false,
    }))
      found.push(item);
    return toAppearances(found);
  };
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
    async keepAppearance(channel, id) {
      const expiresAt = computeExpiry(channel);
      const item = await items.update(
        { channel, id },
        {
          set: { expiresAt },
          condition: "unfinished = :open AND expiresAt < :renewedBefore",
          values: {
            ":open": formatUnfinished(channel, "open"),
            ":renewedBefore": expiresAt - secondsPerDay / 2,
          },
        },
      );
      return item !== undefined;
    },
    listOpenAppearances: (channel) => listUnfinished(channel, "open"),
    listUnclippedAppearances: (channel) => listUnfinished(channel, "clip"),
  };
};
