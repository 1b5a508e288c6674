import { Command } from "commander";
import type { DemoCommandOptions } from "../actions/demo.ts";
import { parsePrefix } from "../arguments.ts";

/** `reelway demo` */
export const demoCommand = (): Command =>
  new Command("demo")
    .description("process sample clips or your own files and show the results")
    .argument("[file...]", "files to process (default: generated sample clips)")
    .option("--prefix <prefix>", "prefix of the keys, e.g. thumbnails/", parsePrefix, "")
    .option("--watermark <file>", "image for routes that add a watermark (default: a generated one)")
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .option("--serve", "keep the page open until Ctrl+C")
    .action(async (names: readonly string[], options: DemoCommandOptions) =>
      (await import("../actions/demo.ts")).runDemoCommand(names, options),
    );
