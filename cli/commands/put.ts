import { Command } from "commander";
import { formatBytes, printable } from "../../pipeline/text/format.ts";
import { findRuntime } from "../../runtime/client.ts";
import { collectMetadata, nameFiles, parsePrefix } from "../arguments.ts";
import { type Bar, renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { type PlaceOptions, withPlace } from "./place.ts";

interface PutOptions extends PlaceOptions {
  readonly prefix: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const put = async (names: readonly string[], options: PutOptions): Promise<void> => {
  const files = await nameFiles(names, options.prefix);
  const runtime = await findRuntime(options);
  const display = openDisplay(process.stderr);
  const bars: Bar[] = files.map(({ key }) => ({
    label: key,
    percent: 0,
    stage: "waiting",
    phase: "waiting",
  }));
  const answers: string[] = [];
  try {
    for (const [index, file] of files.entries()) {
      let sent = 0;
      const show = (stage: string, phase: Bar["phase"], lines: readonly string[]): void => {
        bars[index] = { label: file.key, percent: (100 * sent) / file.bytes, stage, phase };
        display.update(renderBars(bars, display.room()), lines);
      };
      show("uploading", "going", []);
      const { key, job } = await runtime.upload(file, options.metadata, (bytes) => {
        sent += bytes;
        show("uploading", "going", []);
      });
      show(formatBytes(file.bytes), "done", [`${printable(file.key)}: ${formatBytes(file.bytes)}`]);
      answers.push(`${printable(key)} ${job ?? "(an asset, no job)"}`);
    }
  } finally {
    display.close();
  }
  process.stdout.write(`${answers.join("\n")}\n`);
};

/** `reelway put` */
export const putCommand = (): Command =>
  withPlace(
    new Command("put")
      .description("upload files; key = prefix + file name; prints key and job id")
      .argument("<file...>", "files to upload")
      .option("--prefix <prefix>", "folder of the keys, e.g. thumbnails/", parsePrefix, "")
      .option("--metadata <name=value>", "metadata of the uploads; may be repeated", collectMetadata, {}),
  ).action(put);
