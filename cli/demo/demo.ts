import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { imageProgram } from "../../build/package-directory.ts";
import type { ListedJob } from "../../pipeline/api/job-document.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { createClient } from "../../runtime/client.ts";
import { defaultDataFolder, resolveDataFolder } from "../../runtime/data-folder.ts";
import { requireMediaPrograms } from "../../runtime/media-programs.ts";
import { type Runtime, startRuntime } from "../../runtime/runtime.ts";
import type { UploadFile } from "../../runtime/upload-file.ts";
import { renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { createJobBar } from "../render/job-bar.ts";
import { makePosters } from "./posters.ts";
import { renderReport } from "./report.ts";
import { resetFolder } from "./reset-folder.ts";
import { createDemoResult, type DemoResult } from "./result.ts";
import { makeSamples } from "./sample-clips.ts";
import { addWatermarks } from "./watermark.ts";

interface DemoOptions {
  readonly configuration: Configuration;
  /** The user's files, prefix included in the keys; empty for sample clips. */
  readonly files: readonly UploadFile[];
  readonly prefix: string;
  /** Path of the user's watermark image; absent: a generated one. */
  readonly watermark?: string;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
  /** Presents the results. The runtime is closed when it returns. */
  readonly present: (outcome: DemoOutcome) => void | Promise<void>;
}
/** The result of a demo run. */
export interface DemoOutcome {
  readonly results: readonly DemoResult[];
  readonly outputFolder: string;
  readonly reportPath: string;
  /** Data folder of the demo, relative to the working directory. */
  readonly dataFolder: string;
  /** The runtime, which serves the page. */
  readonly runtime: Pick<Runtime, "port" | "failureSignal">;
}

interface UploadedFile {
  readonly id: string;
  readonly file: UploadFile;
}

const pollIntervalMs = 200;

const upload = async (port: number, options: DemoOptions, files: readonly UploadFile[]) => {
  const client = createClient({ port });
  const uploadedFiles: UploadedFile[] = [];
  for (const file of files) {
    options.signal.throwIfAborted();
    const { jobId } = await client.upload(file, {}, { onProgress: () => undefined });
    if (jobId !== null) uploadedFiles.push({ id: jobId, file });
    else if (options.files.includes(file))
      options.report(`${toPrintable(file.key)} is an asset used by other jobs; no job is created for it.`);
  }
  return uploadedFiles;
};

/** Shows the progress of the jobs until all have ended. */
const watch = async (
  runtime: Runtime,
  uploadedFiles: readonly UploadedFile[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ListedJob>> => {
  const display = await openDisplay(process.stderr);
  const ids = new Set(uploadedFiles.map(({ id }) => id));
  try {
    for (;;) {
      const jobsById = new Map(
        (await runtime.control.list({ limit: uploadedFiles.length })).jobs
          .filter(({ job }) => ids.has(job.id))
          .map((one) => [one.job.id, one]),
      );
      const bars = uploadedFiles.map(({ id, file }) => createJobBar(file.key, jobsById.get(id)?.job));
      display.update(
        renderBars(bars, display.getSize()),
        bars.map(({ label, phase }) => `${label}: ${phase}`),
      );
      if ([...ids].every((id) => isTerminal(jobsById.get(id)?.job.status ?? "Submitted"))) return jobsById;
      await pause(pollIntervalMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  } finally {
    display.close();
  }
};

/**
 * Processes files in a separate runtime, writes the report and presents the results.
 *
 * @throws CommandError if the runtime cannot start
 */
export const runDemo = async (options: DemoOptions): Promise<void> => {
  const dataFolder = join(defaultDataFolder, "demo");
  const root = resolve(dataFolder);
  const programs = requireMediaPrograms();
  await resetFolder(root);
  if (options.files.length === 0) options.report("Generating sample clips …");
  const files =
    options.files.length > 0
      ? await addWatermarks(options.files, options.watermark, {
          routing: options.configuration,
          ffmpeg: programs.ffmpeg,
          folder: join(root, "samples"),
          report: options.report,
          signal: options.signal,
        })
      : await makeSamples(programs.ffmpeg, join(root, "samples"), options);
  const runtime = await startRuntime({
    directory: root,
    port: 0,
    // A demo is no event for anyone else.
    configuration: { ...options.configuration, webhooks: [], channels: [] },
    onNotice: (line) => options.report(toPrintable(line)),
    signal: options.signal,
  });
  try {
    const uploadedFiles = await upload(runtime.port, options, files);
    const signal = AbortSignal.any([options.signal, runtime.failureSignal]);
    const jobsById = await watch(runtime, uploadedFiles, signal);
    for (const { job } of jobsById.values()) await runtime.linkOutputs(job);
    const { maxSourceMinutes, maxVideoPixels, maxImagePixels } = options.configuration.limits;
    const limits = { maxSourceMinutes, maxVideoPixels, maxImagePixels };
    const results = await Promise.all(
      uploadedFiles.flatMap(({ id, file }) => {
        const listedJob = jobsById.get(id);
        return listedJob === undefined
          ? []
          : [createDemoResult(listedJob, file.path, { ffprobe: programs.ffprobe, imageProgram, limits })];
      }),
    );
    const reportPath = join(root, "report.html");
    const posters = await makePosters(results, {
      ffmpeg: programs.ffmpeg,
      folder: join(root, "posters"),
      signal,
    });
    await writeAtomically(reportPath, renderReport(results, { root, posters }), { durable: false });
    const { output: outputFolder } = resolveDataFolder(root);
    await options.present({ results, outputFolder, reportPath, dataFolder, runtime });
  } finally {
    await runtime.close();
  }
};
