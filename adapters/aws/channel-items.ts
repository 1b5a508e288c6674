import {
  type AppearanceStore,
  type ChannelRecord,
  type ChannelStatus,
  channelParts,
  type Lease,
  type SavedChannel,
} from "../../pipeline/highlights/appearance-store.ts";
import { serializeState } from "../../pipeline/highlights/storage-rules.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import type { Item } from "./item.ts";
import type { ObjectShape } from "./item-schemas.ts";
import type { ItemStore } from "./item-store.ts";

const recordSchema = z.object({
  paused: z.optional(z.boolean()),
  clipProblem: z.optional(z.string()),
  status: z.optional(
    z.object({
      name: z.enum(["watching", "stalled", "ended", "capped", "error"]),
      message: z.string(),
      lastSegmentAt: z.optional(z.number()),
      lastSegmentEndsAt: z.optional(z.number()),
      lastPolledAt: z.optional(z.number()),
      lastDetectedAt: z.optional(z.number()),
      capResetsAt: z.optional(z.number()),
      parts: z.optional(z.array(z.enum(channelParts))),
    } satisfies ObjectShape<ChannelStatus>),
  ),
});

/** The attributes of a channel's record. */
const recordAttributes = Object.keys(recordSchema.shape);

const createInvalidRecordError = (channel: string, fields: readonly string[]): StoreFailure =>
  new StoreFailure(
    "invalid",
    `The record of channel ${channel} cannot be read: ${fields.join(", ")} of the item "channel" in the channels table is not valid. Correct it, or deploy the version that wrote it. If you delete the item, the channel begins anew.`,
  );

/**
 * Converts the item of a channel.
 *
 * @throws StoreFailure `invalid` if it is none: a channel that begins anew would lose its place and its open appearances
 */
const toChannelRecord = (channel: string, item: Item | undefined): ChannelRecord => {
  const parsed = recordSchema.safeParse(item ?? {});
  if (!parsed.success)
    throw createInvalidRecordError(
      channel,
      parsed.error.issues.map(({ path }) => path.join(".")),
    );
  const { paused = false, status, clipProblem } = parsed.data;
  return {
    channel,
    paused,
    ...(status === undefined ? {} : { status }),
    ...(clipProblem === undefined ? {} : { clipProblem }),
  };
};

/**
 * Converts the item of a channel, with the watcher's state.
 *
 * @throws as `toChannelRecord`
 */
const toSavedChannel = (channel: string, item: Item | undefined): SavedChannel => {
  const record = toChannelRecord(channel, item);
  if (item?.state === undefined) return record;
  const state = typeof item.state === "string" ? parseJson(item.state) : undefined;
  if (state === undefined) throw createInvalidRecordError(channel, ["state"]);
  return { ...record, state };
};

const toChannelKey = (channel: string) => ({ channel, item: "channel" });
/** A lease that is released has no owner; its token stays, so that the next one is larger. */
const heldCondition = "leaseToken = :leaseToken AND attribute_exists(leaseOwner)";
const toLease = (channel: string, item: Item | undefined): Lease | undefined =>
  item === undefined
    ? undefined
    : {
        channel,
        ownerId: String(item.leaseOwner),
        token: Number(item.leaseToken),
        expiresAt: Number(item.leaseExpiresAt),
      };

/** Operations on the item of a channel: its lease, whether it is paused, its state and its status. */
export const createChannelItems = (
  items: ItemStore,
  clock: Clock,
): Pick<
  AppearanceStore,
  | "acquireLease"
  | "renewLease"
  | "releaseLease"
  | "readChannel"
  | "readSavedChannel"
  | "setPaused"
  | "setClipProblem"
  | "saveState"
> => {
  const getNow = (): number => clock.now().getTime() / 1000;
  return {
    async acquireLease(channel, ownerId, seconds) {
      const now = getNow();
      const item = await items.update(toChannelKey(channel), {
        set: { leaseOwner: ownerId, leaseExpiresAt: now + seconds },
        add: { leaseToken: 1 },
        condition: "attribute_not_exists(leaseOwner) OR leaseOwner = :owner OR leaseExpiresAt <= :now",
        values: { ":owner": ownerId, ":now": now },
      });
      return toLease(channel, item);
    },
    async renewLease({ channel, token }, seconds) {
      const item = await items.update(toChannelKey(channel), {
        set: { leaseExpiresAt: getNow() + seconds },
        condition: heldCondition,
        values: { ":leaseToken": token },
      });
      return toLease(channel, item);
    },
    async releaseLease({ channel, token }) {
      const item = await items.update(toChannelKey(channel), {
        set: { leaseOwner: undefined, leaseExpiresAt: undefined },
        condition: heldCondition,
        values: { ":leaseToken": token },
      });
      return item !== undefined;
    },
    async readChannel(channel) {
      return toChannelRecord(channel, await items.get(toChannelKey(channel), recordAttributes));
    },
    async readSavedChannel(channel) {
      return toSavedChannel(channel, await items.get(toChannelKey(channel)));
    },
    async setPaused(channel, paused) {
      const item = await items.update(toChannelKey(channel), {
        set: { paused },
        condition: paused ? "attribute_not_exists(paused) OR paused = :previous" : "paused = :previous",
        values: { ":previous": !paused },
      });
      return item !== undefined;
    },
    async setClipProblem(channel, message) {
      await items.update(toChannelKey(channel), {
        set: { clipProblem: message },
        condition:
          message === undefined
            ? "attribute_exists(clipProblem)"
            : "attribute_not_exists(clipProblem) OR clipProblem <> :message",
        values: message === undefined ? {} : { ":message": message },
      });
    },
    async saveState({ channel, token }, state, status: ChannelStatus) {
      const item = await items.update(toChannelKey(channel), {
        set: { state: serializeState(channel, state), status },
        condition: heldCondition,
        values: { ":leaseToken": token },
      });
      return item !== undefined;
    },
  };
};
