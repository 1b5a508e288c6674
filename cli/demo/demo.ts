import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { writeAtomically } from "../../adapters/local/atomic-file.ts";
import { isDatabaseLocked } from "../../adapters/local/dynalite-store.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { CommandFailed } from "../../pipeline/errors/user-error.ts";
import { printable } from "../../pipeline/text/format.ts";
import type { NamedFile } from "../../runtime/client.ts";
import { createClient } from "../../runtime/client.ts";
import type { ListedJob } from "../../runtime/control.ts";
import { dataFolder, defaultDataFolder } from "../../runtime/data-folder.ts";
import { mediaPrograms } from "../../runtime/media-programs.ts";
import { type Runtime, startRuntime } from "../../runtime/runtime.ts";
import { renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { jobBar } from "../render/job-bar.ts";
import { renderReport } from "./report.ts";
import { completeResult, type DemoResult } from "./result.ts";
import { makeSamples } from "./sample-clips.ts";

interface DemoOptions {
  readonly configuration: Configuration;
  /** The user's own files, with the prefix in their keys; samples where there are none. */
  readonly files: readonly NamedFile[];
  readonly prefix: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}
/** What a demo made. */
export interface DemoOutcome {
  readonly results: readonly DemoResult[];
  readonly outputs: string;
  readonly report: string;
}

interface Uploaded {
  readonly id: string;
  readonly file: NamedFile;
}

const pollMilliseconds = 200;

const upload = async (port: number, options: DemoOptions, files: readonly NamedFile[]) => {
  const client = createClient(port);
  const uploaded: Uploaded[] = [];
  for (const file of files) {
    options.signal.throwIfAborted();
    const { job } = await client.upload(file, {}, () => undefined);
    if (job !== null) uploaded.push({ id: job, file });
    else if (options.files.length > 0)
      options.say(`${printable(file.key)} is an asset for other jobs, and makes none.`);
  }
  return uploaded;
};

/** Shows the jobs until all have ended. */
const watch = async (
  runtime: Runtime,
  uploaded: readonly Uploaded[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ListedJob>> => {
  const display = openDisplay(process.stderr);
  const ids = new Set(uploaded.map(({ id }) => id));
  try {
    for (;;) {
      const found = new Map(
        (await runtime.control.list(uploaded.length))
          .filter(({ job }) => ids.has(job.id))
          .map((one) => [one.job.id, one]),
      );
      const bars = uploaded.map(({ id, file }) => jobBar(file.key, found.get(id)?.job));
      display.update(
        renderBars(bars, display.room()),
        bars.map(({ label, stage }) => `${label}: ${stage}`),
      );
      if ([...ids].every((id) => isTerminal(found.get(id)?.job.status ?? "Submitted"))) return found;
      await pause(pollMilliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  } finally {
    display.close();
  }
};

/** Empties the demo's own folder, unless another demo is at work in it. */
const freshFolder = async (root: string): Promise<void> => {
  if (await isDatabaseLocked(dataFolder(root).database))
    throw new CommandFailed(`Another demo is running in ${root}. Wait for its end.`);
  await rm(root, { recursive: true, force: true });
};

/**
 * Takes files through a runtime of its own and writes the report.
 *
 * @throws CommandFailed where the runtime cannot start
 */
export const runDemo = async (options: DemoOptions): Promise<DemoOutcome> => {
  const root = resolve(defaultDataFolder, "demo");
  const programs = mediaPrograms();
  await freshFolder(root);
  if (options.files.length === 0) options.say("Making sample clips …");
  const files =
    options.files.length > 0
      ? options.files
      : await makeSamples(programs.ffmpeg, join(root, "samples"), options);
  const runtime = await startRuntime({
    directory: root,
    port: 0,
    configuration: options.configuration,
    onNotice: (line) => options.say(printable(line)),
    signal: options.signal,
  });
  try {
    const uploaded = await upload(runtime.port, options, files);
    const signal = AbortSignal.any([options.signal, runtime.broken]);
    const found = await watch(runtime, uploaded, signal);
    for (const { job } of found.values()) await runtime.showOutputs(job);
    const { maxSourceMinutes, maxVideoPixels, maxImagePixels } = options.configuration.limits;
    const limits = { maxSourceMinutes, maxVideoPixels, maxImagePixels };
    const results = await Promise.all(
      uploaded.flatMap(({ id, file }) => {
        const listed = found.get(id);
        return listed === undefined
          ? []
          : [completeResult(listed, file.path, { ffprobe: programs.ffprobe, limits })];
      }),
    );
    const report = join(root, "report.html");
    await writeAtomically(report, renderReport(results, root), { durable: false });
    return { results, outputs: dataFolder(root).output, report };
  } finally {
    await runtime.close();
  }
};
