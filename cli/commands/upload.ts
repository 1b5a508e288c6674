import { Command, Option } from "commander";
import type { UploadOptions } from "../actions/upload.ts";
import { collectMetadata, parsePrefix } from "../arguments.ts";
import { withRuntimeOptions } from "./runtime-options.ts";

/** `reelway upload` */
export const uploadCommand = (): Command =>
  withRuntimeOptions(
    new Command("upload")
      .description(
        "upload files (key = prefix + file name) and print their keys and job ids; resume interrupted uploads",
      )
      .argument("<file...>", "files to upload")
      .option("--prefix <prefix>", "prefix of the keys, e.g. thumbnails/", parsePrefix, "")
      .option("--metadata <name=value>", "metadata of the uploads; repeatable", collectMetadata, {})
      .addOption(
        new Option(
          "--stage <stage>",
          "upload to a stage's input bucket, with AWS credentials, instead of the runtime on this machine",
        ).conflicts(["data", "port"]),
      )
      .option("--json", "print one JSON document"),
  ).action(async (paths: readonly string[], options: UploadOptions) =>
    (await import("../actions/upload.ts")).upload(paths, options),
  );
