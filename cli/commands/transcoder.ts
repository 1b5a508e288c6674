import { Command } from "commander";
import { eventsCommand } from "./transcoder-events.ts";
import { keysCommand } from "./transcoder-keys.ts";
import { subscribeCommand, subscriptionsCommand, unsubscribeCommand } from "./transcoder-subscriptions.ts";

/** `reelway transcoder`: commands for the transcoder service. */
export const transcoderCommand = (): Command => {
  const command = new Command("transcoder").description(
    "show the notifications, subscribers and keys of the transcoder API",
  );
  for (const createSubcommand of [
    eventsCommand,
    subscribeCommand,
    unsubscribeCommand,
    subscriptionsCommand,
    keysCommand,
  ])
    command.addCommand(createSubcommand());
  return command;
};
