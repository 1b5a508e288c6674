import { Command } from "commander";
import { formatBytes, toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime } from "../../runtime/client.ts";
import { collectMetadata, parsePrefix, resolveUploadFiles } from "../arguments.ts";
import { type Bar, renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { type RuntimeCommandOptions, withRuntimeOptions } from "./runtime-options.ts";

interface UploadOptions extends RuntimeCommandOptions {
  readonly prefix: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const upload = async (paths: readonly string[], options: UploadOptions): Promise<void> => {
  const files = await resolveUploadFiles(paths, options.prefix);
  const runtime = await findRuntime(options);
  const display = openDisplay(process.stderr);
  const bars: Bar[] = files.map(({ key }) => ({
    label: key,
    percent: 0,
    state: "pending",
    phase: "pending",
  }));
  const results: string[] = [];
  try {
    for (const [index, file] of files.entries()) {
      let sent = 0;
      const show = (phase: string, state: Bar["state"], lines: readonly string[]): void => {
        bars[index] = {
          label: file.key,
          percent: file.bytes === 0 ? 100 : (100 * sent) / file.bytes,
          phase,
          state,
        };
        display.update(renderBars(bars, display.getSize()), lines);
      };
      show("uploading", "running", []);
      const { key, jobId } = await runtime.upload(file, options.metadata, (bytes) => {
        sent += bytes;
        show("uploading", "running", []);
      });
      show(formatBytes(file.bytes), "done", [`${toPrintable(file.key)}: ${formatBytes(file.bytes)}`]);
      results.push(`${toPrintable(key)} ${jobId ?? "(asset, no job)"}`);
    }
  } finally {
    display.close();
  }
  process.stdout.write(`${results.join("\n")}\n`);
};

/** `reelway upload` */
export const uploadCommand = (): Command =>
  withRuntimeOptions(
    new Command("upload")
      .description("upload files (key = prefix + file name) and print their keys and job ids")
      .argument("<file...>", "files to upload")
      .option("--prefix <prefix>", "prefix of the keys, e.g. thumbnails/", parsePrefix, "")
      .option("--metadata <name=value>", "metadata of the uploads; repeatable", collectMetadata, {}),
  ).action(upload);
