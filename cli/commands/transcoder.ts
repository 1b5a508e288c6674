import { Command } from "commander";
import { eventsCommand } from "./transcoder-events.ts";
import { keysCommand } from "./transcoder-keys.ts";
import { subscribeCommand, subscriptionsCommand, unsubscribeCommand } from "./transcoder-subscriptions.ts";

/** `reelway transcoder`: what concerns the transcoder service alone. */
export const transcoderCommand = (): Command => {
  const command = new Command("transcoder").description(
    "show the transcoder API's notifications, subscribers and keys",
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
