import type { Channel } from "./channel-data.ts";

/** How a channel is, for people. `tone` is that of a job's status. */
export interface ChannelState {
  readonly label: string;
  readonly tone: "complete" | "progressing" | "submitted" | "canceled" | "error";
  /** What it means, and what to do; undefined if no action is needed. */
  readonly advice?: string;
}

const states: Readonly<Record<Channel["status"], ChannelState>> = {
  pending: {
    label: "Not watched yet",
    tone: "submitted",
    advice: "The watcher has not run yet. Its first run begins within a minute or the channel's interval.",
  },
  watching: { label: "Live", tone: "complete" },
  stalled: {
    label: "Stalled",
    tone: "submitted",
    advice: "Nothing new is archived or found. Check the encoder; the channel continues by itself.",
  },
  ended: { label: "Ended", tone: "canceled" },
  capped: {
    label: "Cap reached",
    tone: "submitted",
    advice:
      "Archiving goes on, so nothing is lost for clips by hand. To find more, raise the cap in reelway.config.ts.",
  },
  error: {
    label: "Error",
    tone: "error",
    advice: "The watcher tries again by itself. If the message stays, follow it.",
  },
  inactive: { label: "Outside of its hours", tone: "canceled" },
  overdue: { label: "Not running", tone: "error" },
};

/** Describes how a channel is. */
export const describeState = ({ status, paused }: Pick<Channel, "status" | "paused">): ChannelState =>
  paused
    ? { label: "Paused", tone: "canceled", advice: "Nothing is archived or found until you resume it." }
    : states[status];

/** Formats dollars, e.g. `$0.0425` or `$12.50`. */
export const formatUsd = (usd: number): string =>
  `$${usd.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: usd < 1 ? 4 : 2 })}`;
