import type { ChannelDocument } from "../../pipeline/api/channel-document.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime, type RuntimeLocation } from "../../runtime/client.ts";

/** Options of `reelway channels list`. */
export interface ChannelsOptions extends RuntimeLocation {
  readonly json?: true;
}

/** Describes a channel in one line. */
export const formatChannel = ({ name, status, paused, message, usage, current }: ChannelDocument): string =>
  toPrintable(
    [
      name,
      paused ? "paused" : status,
      `${usage.detectionsThisHour} of ${usage.maxDetectionsPerHour} detections this hour`,
      `$${usage.usdToday.toFixed(2)} of $${usage.maxUsdPerDay.toFixed(2)} today`,
      ...(current.length === 0 ? [] : [`on now: ${current.map(({ label }) => label).join(", ")}`]),
      ...(paused || message === null ? [] : [message]),
    ].join("  "),
  );

/** Prints the channels of this machine, one per line. */
export const listChannels = async (options: ChannelsOptions): Promise<void> => {
  const channels = await (await findRuntime(options)).listChannels();
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ channels }, null, 2)}\n`
      : channels.map((channel) => `${formatChannel(channel)}\n`).join(""),
  );
};

/** Pauses or resumes a channel and prints its state. */
export const changeChannel = async (
  name: string,
  action: "pause" | "resume",
  options: RuntimeLocation,
): Promise<void> => {
  const channel = await (await findRuntime(options)).changeChannel(name, action);
  process.stdout.write(`${formatChannel(channel)}\n`);
};
