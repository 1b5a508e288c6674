import { formatBytes, toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime, type RuntimeClient, type RuntimeLocation } from "../../runtime/client.ts";
import { type Bar, renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { resolveUploadFiles } from "../upload-files.ts";

/** Options of `reelway upload`. */
export interface UploadOptions extends RuntimeLocation {
  readonly prefix: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly stage?: string;
  readonly json?: true;
}

const openUploads = async (options: UploadOptions): Promise<Pick<RuntimeClient, "upload">> =>
  options.stage === undefined
    ? findRuntime(options)
    : (await import("./stage-uploads.ts")).openStageUploads(options.stage);

/** Uploads files and prints their keys and job ids. */
export const upload = async (paths: readonly string[], options: UploadOptions): Promise<void> => {
  const files = await resolveUploadFiles(paths, options.prefix);
  const uploads = await openUploads(options);
  const display = await openDisplay(process.stderr);
  const bars: Bar[] = files.map(({ key }) => ({
    label: key,
    percent: 0,
    state: "pending",
    phase: "pending",
  }));
  const results: {
    readonly path: string;
    readonly bucket: string;
    readonly key: string;
    readonly bytes: number;
    readonly jobId: string | null;
  }[] = [];
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
      const { bucket, key, jobId } = await uploads.upload(file, options.metadata, (bytes) => {
        sent += bytes;
        show("uploading", "running", []);
      });
      show(formatBytes(file.bytes), "done", [`${toPrintable(file.key)}: ${formatBytes(file.bytes)}`]);
      results.push({ path: file.path, bucket, key, bytes: file.bytes, jobId });
    }
  } finally {
    display.close();
  }
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ uploads: results }, null, 2)}\n`
      : results.map(({ key, jobId }) => `${toPrintable(key)} ${jobId ?? "(no job id)"}\n`).join(""),
  );
};
