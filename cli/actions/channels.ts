import type { ChannelDocument } from "../../pipeline/api/channel-document.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime, type RuntimeLocation } from "../../runtime/client.ts";

/** Options of `reelway channels`. */
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

/** What is printed without channels. */
export const noChannelsMessage =
  'No channels. To watch one, add it to channels in reelway.config.ts with stages: ["local"], then restart the runtime. See docs/highlights.md';

/** Prints the channels of this machine, one per line. */
export const listChannels = async (options: ChannelsOptions): Promise<void> => {
  const channels = await (await findRuntime(options)).listChannels();
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ channels }, null, 2)}\n`
      : channels.map((channel) => `${formatChannel(channel)}\n`).join(""),
  );
  // Standard output has channels only, for programs that read its lines.
  if (channels.length === 0 && !options.json) process.stderr.write(`${noChannelsMessage}\n`);
};

/** Pauses or resumes a channel and prints its state. */
export const changeChannel = async (
  name: string,
  action: "pause" | "resume",
  options: ChannelsOptions,
): Promise<void> => {
  const channel = await (await findRuntime(options)).changeChannel(name, action);
  process.stdout.write(
    options.json ? `${JSON.stringify(channel, null, 2)}\n` : `${formatChannel(channel)}\n`,
  );
};
