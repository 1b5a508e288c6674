import { type Command, Option } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import { parseFolder, parsePort } from "../arguments.ts";

/** Adds `--data` to a command. */
export const withDataOption = (command: Command): Command =>
  command.option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder);

/** Adds `--data` and `--stage` to a command. */
export const withAccountsOptions = (command: Command): Command =>
  withDataOption(command).addOption(
    new Option("--stage <stage>", "a stage on AWS, instead of the runtime on this machine").conflicts("data"),
  );

/** Adds `--data` and `--port` to a command. */
export const withRuntimeOptions = (command: Command): Command =>
  withDataOption(command).option(
    "--port <n>",
    "port of the runtime (default: the port recorded in its data folder)",
    parsePort,
  );
