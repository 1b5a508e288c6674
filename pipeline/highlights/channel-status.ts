import type { ChannelStatus } from "./appearance-store.ts";
import type { UndetectedReason } from "./detect-frame.ts";
import type { PlaylistPosition } from "./playlist/position.ts";

/** Describes why frames were not detected, for people; undefined if all were. */
export const describeUndetected = (
  reasons: readonly UndetectedReason[],
): Pick<ChannelStatus, "name" | "message"> | undefined => {
  for (const reason of reasons)
    if (reason.kind === "capped") {
      const { cap, resetsAt } = reason.decision;
      return {
        name: "capped",
        message: `The cap ${cap} is reached: the channel is archived and not searched${resetsAt === undefined ? "" : ` until ${new Date(resetsAt * 1000).toISOString()}`}.`,
      };
    }
  const failed = reasons.find((reason) => reason.kind === "failed");
  return failed?.kind === "failed" ? { name: "error", message: failed.failure.message } : undefined;
};

/** Describes for people why a playlist has no new segments. */
export const describePlaylist = (name: "ended" | "stalled", position: PlaylistPosition): string =>
  name === "ended"
    ? "The playlist has ended. The channel is watched again when it has new segments."
    : `The playlist has had no new segment since ${new Date(position.changedMs).toISOString()}. Check the encoder.`;
