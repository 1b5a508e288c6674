import type { Command } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import { parseFolder, parsePort } from "../arguments.ts";

/** Adds `--data` to a command. */
export const withDataOption = (command: Command): Command =>
  command.option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder);

/** Adds `--data` and `--port` to a command. */
export const withRuntimeOptions = (command: Command): Command =>
  withDataOption(command).option(
    "--port <n>",
    "port of the runtime (default: the port recorded in its data folder)",
    parsePort,
  );
