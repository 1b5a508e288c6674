import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDynamoJobStore } from "../adapters/aws/job-store.ts";
import { buildDatabaseEnvironment, localTableNames, openDatabase } from "../adapters/local/database.ts";
import { findMediaPrograms } from "../adapters/local/media-programs.ts";
import { createLocalObjectStore } from "../adapters/local/object-store.ts";
import { localWorkerEnvironment } from "../adapters/local/process-task-runner.ts";
import { startProgram } from "../build/package-directory.ts";
import { serializeJobConfiguration } from "../pipeline/configuration/job-configuration.ts";
import { parseConfiguration } from "../pipeline/configuration/schema.ts";
import { buildJob } from "../pipeline/jobs/build-job.ts";
import type { RecipeOptions } from "../pipeline/recipes/recipe.ts";
import input from "../reelway.config.ts";
import { type Measurement, measure } from "./measure.ts";

/** One ffmpeg process of the worker. */
export interface FfmpegCall {
  readonly arguments: readonly string[];
}
/** One job run by the real worker. */
export interface JobRun extends Measurement {
  readonly calls: readonly FfmpegCall[];
  readonly log: string;
  /** Keys of the outputs. */
  readonly outputs: readonly string[];
}

/** Creates a shell script that records its arguments and then executes ffmpeg. */
const createRecorderScript = (ffmpeg: string, callsPath: string): string =>
  `#!/bin/sh\nprintf '%s\\0' "$@" >> '${callsPath}'\nprintf '\\0' >> '${callsPath}'\nexec '${ffmpeg}' "$@"\n`;

/** Opens a benchmark environment: database, objects and the compiled worker. */
export const openBenchEnvironment = async () => {
  const root = await mkdtemp(join(tmpdir(), "reelway-bench-"));
  await mkdir(join(root, "scratch"));
  const programs = findMediaPrograms();
  const configuration = parseConfiguration(input);
  const database = await openDatabase();
  const store = createDynamoJobStore(database.client, localTableNames.jobs, { now: () => new Date() });
  const objects = createLocalObjectStore({ directory: join(root, "objects") });
  const callsPath = join(root, "calls");
  const ffmpeg = join(root, "ffmpeg");
  await writeFile(ffmpeg, createRecorderScript(programs.ffmpeg, callsPath));
  await chmod(ffmpeg, 0o755);
  /** Environment of the worker's task definition. */
  const definition = {
    OBJECT_STORE: `file:${join(root, "objects")}`,
    JOBS_TABLE: localTableNames.jobs,
    TRANSCODER_TABLE: localTableNames.transcoder,
    SCRATCH_DIRECTORY: join(root, "scratch"),
    CONFIGURATION: serializeJobConfiguration(configuration),
    ...buildDatabaseEnvironment(database.socketPath),
  };
  let uploads = 0;

  /** Uploads a file and claims a job with a recipe for it. */
  const claim = async (recipe: RecipeOptions, file: string, outputs: readonly string[]) => {
    uploads += 1;
    const key = `bench/${uploads}.mp4`;
    const { bucket, versionId, etag, bytes, modifiedAt } = await objects.write(
      { bucket: "input", key },
      { file },
      { contentType: "video/mp4", metadata: {} },
    );
    const job = buildJob(
      {
        name: "bench",
        prefix: "bench/",
        extensions: ["mp4"],
        trigger: "lambda",
        engine: "ffmpeg",
        recipe,
        outputs,
      },
      { bucket, key, versionId, etag, bytes, modifiedAt },
      { configuration, outputBucket: "output", now: new Date().toISOString(), metadata: {} },
    );
    return (await store.claim(job)).job;
  };

  return {
    root,
    /** Path of the embedded database's Unix socket. */
    socket: database.socketPath,
    programs,
    /** Path of the script that the worker runs as ffmpeg. */
    recorder: ffmpeg,
    definition,
    claim,
    store,
    objects,
    /** Runs one job with the real worker as a child process. */
    async runJob(recipe: RecipeOptions, file: string, outputs: readonly string[]): Promise<JobRun> {
      await rm(callsPath, { force: true });
      const job = await claim(recipe, file, outputs);
      const measurement = await measure([process.execPath, startProgram], {
        env: {
          ...localWorkerEnvironment,
          ...definition,
          FFMPEG_PATH: ffmpeg,
          FFPROBE_PATH: programs.ffprobe,
          JOB_ID: job.id,
          JOB_TABLE: localTableNames.jobs,
          JOB_ATTEMPT: String(job.attempt),
        },
      });
      const finishedJob = await store.read(job.id);
      if (finishedJob?.report?.error !== undefined)
        throw new Error(`The worker failed: ${finishedJob.report.error.message}`);
      const calls = (await readFile(callsPath, "utf8"))
        .split("\0\0")
        .filter((call) => call !== "")
        .map((call) => ({ arguments: call.split("\0") }));
      return { ...measurement, calls, outputs: finishedJob?.report?.outputs.map(({ key }) => key) ?? [] };
    },
    async close() {
      await database.close();
      await rm(root, { recursive: true, force: true });
    },
  };
};
/** An open benchmark environment. */
export type BenchEnvironment = Awaited<ReturnType<typeof openBenchEnvironment>>;
