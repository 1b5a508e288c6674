import { CommandError } from "../../pipeline/errors/errors.ts";
import { formatBytes, toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime, type RuntimeClient, type RuntimeLocation } from "../../runtime/client.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";
import type { UploadFile } from "../../runtime/upload-file.ts";
import type { UploadInPartsOptions } from "../../runtime/upload-in-parts.ts";
import { openUploadRecords } from "../../runtime/upload-records.ts";
import { type Bar, renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { onStopSignal } from "../signals.ts";
import { resolveUploadFiles } from "../upload-files.ts";

/** Options of `reelway upload`. */
export interface UploadOptions extends RuntimeLocation {
  readonly prefix: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly stage?: string;
  readonly json?: true;
}

/** Opens the uploads to a runtime or a stage, and the records of interrupted ones. */
const openUploads = async (options: UploadOptions) => {
  const { destination, upload }: Pick<RuntimeClient, "upload"> & { readonly destination: string } =
    options.stage === undefined
      ? { destination: "runtime", ...(await findRuntime(options)) }
      : await (await import("./stage-uploads.ts")).openStageUploads(options.stage);
  const records = openUploadRecords(resolveDataFolder(options.data).uploadRecords, destination);
  const stop = new AbortController();
  onStopSignal(() =>
    stop.abort(new CommandError("The upload was stopped. To resume it, run the same command again.")),
  );
  return (
    file: UploadFile,
    metadata: Readonly<Record<string, string>>,
    progress: Pick<UploadInPartsOptions, "onProgress" | "onResume">,
  ) => upload(file, metadata, { ...progress, records, signal: stop.signal });
};

/** Uploads files and prints their keys and job ids. */
export const upload = async (paths: readonly string[], options: UploadOptions): Promise<void> => {
  const files = await resolveUploadFiles(paths, options.prefix);
  const uploadFile = await openUploads(options);
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
      let phase = "uploading";
      show(phase, "running", []);
      const { bucket, key, jobId } = await uploadFile(file, options.metadata, {
        onProgress(bytes) {
          sent += bytes;
          show(phase, "running", []);
        },
        onResume(storedParts, parts) {
          phase = `Resuming, ${storedParts} of ${parts} parts are already there`;
          show(phase, "running", [`${toPrintable(file.key)}: ${phase}`]);
        },
      });
      show(formatBytes(file.bytes), "done", [`${toPrintable(file.key)}: ${formatBytes(file.bytes)}`]);
      results.push({ path: file.path, bucket, key, bytes: file.bytes, jobId });
    }
  } finally {
    display.close();
    // Also after a failure: these files are uploaded.
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ uploads: results }, null, 2)}\n`
        : results.map(({ key, jobId }) => `${toPrintable(key)} ${jobId ?? "(no job id)"}\n`).join(""),
    );
  }
};
