import { Command } from "commander";
import type { ChannelsOptions } from "../actions/channels.ts";
import { withRuntimeOptions } from "./runtime-options.ts";

const changeCommand = (action: "pause" | "resume", description: string): Command =>
  withRuntimeOptions(
    new Command(action)
      .description(description)
      .argument("<name>", "name of the channel")
      .option("--json", "print the channel as one JSON document"),
  ).action(async (name: string, options: ChannelsOptions) =>
    (await import("../actions/channels.ts")).changeChannel(name, action, options),
  );

/** `reelway channels` */
export const channelsCommand = (): Command =>
  new Command("channels")
    .description("list, pause and resume the watched channels of this machine")
    .addCommand(
      withRuntimeOptions(
        new Command("list")
          .description("list the channels: status, detections and dollars against the caps, one per line")
          .option("--json", "print one JSON document"),
      ).action(async (options: ChannelsOptions) =>
        (await import("../actions/channels.ts")).listChannels(options),
      ),
    )
    .addCommand(changeCommand("pause", "stop watching a channel until it is resumed"))
    .addCommand(changeCommand("resume", "watch a paused channel again"));
