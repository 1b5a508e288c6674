import type { ChannelSettings } from "../configuration/channels-schema.ts";
import { isActive } from "./active-hours.ts";
import type { ChannelRecord, ChannelStatus } from "./appearance-store.ts";

/** What is shown of a channel: the watcher's own statuses, and those that its silence means. */
export const shownStatuses = [
  "pending",
  "watching",
  "stalled",
  "ended",
  "capped",
  "error",
  "inactive",
  "overdue",
] as const satisfies readonly (ChannelStatus["name"] | "pending" | "inactive" | "overdue")[];
export type ShownStatus = (typeof shownStatuses)[number];

/** Adds why clips of a channel cannot be requested. */
const addClipProblem = (
  { name, message }: Pick<ChannelStatus, "name" | "message">,
  clipProblem: string | undefined,
): { readonly name: ShownStatus; readonly message: string | null } => {
  if (clipProblem === undefined) return { name, message: message || null };
  const problem = `Clips cannot be requested now, and are requested again: ${clipProblem}`;
  return {
    name: name === "watching" ? "error" : name,
    message: message === "" ? problem : `${message} ${problem}`,
  };
};

/** A run may begin late, and says something of itself when it ends at the latest. */
const toleranceSeconds = 180;

/**
 * Describes for people how a channel is: what its watcher has said last, unless the watcher is silent.
 *
 * @returns `message`: why, and what to do; null if there is no message
 */
export const describeChannelStatus = (
  settings: Pick<ChannelSettings, "activeHours" | "intervalMinutes">,
  { paused, status, clipProblem }: Pick<ChannelRecord, "paused" | "status" | "clipProblem">,
  now: Date,
): { readonly name: ShownStatus; readonly message: string | null } => {
  if (paused) return { name: status?.name ?? "pending", message: status?.message || null };
  if (!isActive(settings.activeHours, now)) {
    const { from, to, timeZone } = settings.activeHours ?? { from: 0, to: 24, timeZone: "UTC" };
    return { name: "inactive", message: `The channel is watched from ${from}:00 to ${to}:00 (${timeZone}).` };
  }
  if (status === undefined) return { name: "pending", message: null };
  const toleratedMs = (settings.intervalMinutes * 60 + toleranceSeconds) * 1000;
  const since = status.lastPolledAt === undefined ? undefined : new Date(status.lastPolledAt * 1000);
  const overdueAt = since === undefined ? undefined : new Date(since.getTime() + toleratedMs);
  if (
    since !== undefined &&
    overdueAt !== undefined &&
    overdueAt < now &&
    isActive(settings.activeHours, new Date(now.getTime() - toleratedMs))
  )
    return {
      name: "overdue",
      message: `The watcher has not requested the playlist since ${since.toISOString()}. Check the log of its function or of the runtime.${status.name === "error" ? ` Its last message: ${status.message}` : ""}`,
    };
  return addClipProblem(status, clipProblem);
};
