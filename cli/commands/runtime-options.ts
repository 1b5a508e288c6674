import type { Command } from "commander";
import { defaultDataFolder } from "../../runtime/data-folder.ts";
import { parseFolder, parsePort } from "../arguments.ts";

/** Options of every command that speaks with a running runtime. */
export interface RuntimeCommandOptions {
  readonly data: string;
  readonly port?: number;
}

/** Adds them. */
export const withRuntimeOptions = (command: Command): Command =>
  command
    .option("--data <dir>", "data folder of the runtime", parseFolder, defaultDataFolder)
    .option("--port <n>", "port of the runtime, in place of the one its data folder names", parsePort);
