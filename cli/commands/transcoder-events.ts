import { Command } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import type { EventsOptions } from "../actions/transcoder-events.ts";
import { parseFolder } from "../arguments.ts";

/** `reelway transcoder events` */
export const eventsCommand = (): Command =>
  new Command("events")
    .description("print the notifications of the transcoder API, oldest first")
    .option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder)
    .option("--follow", "print new notifications until stopped")
    .option("--json", "print one JSON document per line")
    .action(async (options: EventsOptions) =>
      (await import("../actions/transcoder-events.ts")).printEvents(options),
    );
