import { Command, Option } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import type { KeysOptions } from "../actions/transcoder-keys.ts";
import { parseFolder } from "../arguments.ts";

/** `reelway transcoder keys` */
export const keysCommand = (): Command =>
  new Command("keys")
    .description("list the transcoder's keys: access key id and scope, one per line")
    .option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder)
    .addOption(
      new Option(
        "--rotate <scope>",
        "first create a key; the previous key of that scope stays valid",
      ).choices(["full", "read"]),
    )
    .action(async (options: KeysOptions) =>
      (await import("../actions/transcoder-keys.ts")).listKeys(options),
    );
