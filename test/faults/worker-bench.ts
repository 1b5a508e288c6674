import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { buildDatabaseEnvironment, localTableNames, openDatabase } from "../../adapters/local/database.ts";
import { findMediaPrograms } from "../../adapters/local/media-programs.ts";
import { noMetrics } from "../../adapters/local/metrics.ts";
import { createLocalObjectStore } from "../../adapters/local/object-store.ts";
import { workerProgram } from "../../build/package-directory.ts";
import { serializeJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { buildJob } from "../../pipeline/jobs/build-job.ts";
import { createJobAttemptCloser } from "../../pipeline/jobs/close-job-attempt.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { ObjectHead } from "../../pipeline/ports/object-store.ts";
import type { Route } from "../../pipeline/routing/route.ts";
import configured from "../../reelway.config.ts";

const reelway = parseConfiguration(configured);

/** The packaged ffmpeg, or the one on TEST_MEDIA_PATH. */
export const programs = findMediaPrograms(process.env.TEST_MEDIA_PATH ?? "");

/** Makes a file with the ffmpeg under test. */
export const makeMedia = (...ffmpegArguments: string[]): void => {
  execFileSync(
    programs.ffmpeg,
    ["-hide_banner", "-nostdin", "-loglevel", "error", "-y", ...ffmpegArguments],
    { env: { GCONV_PATH: "/nonexistent" }, timeout: 60_000 },
  );
};

/** A started worker: its process, exit and standard error. */
export interface RunningWorker {
  readonly child: ChildProcess;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  log(): string;
  /** Processes of its group that are alive, itself included. */
  processes(): Promise<readonly number[]>;
}

/** A worker's exit code, the job after the task's stop was reported, and what the attempt left. */
export interface AttemptResult {
  readonly code: number | null;
  readonly report: Job["report"];
  readonly job: Job;
  readonly leftovers: {
    readonly processes: readonly number[];
    /** Folders of the attempt. */
    readonly scratch: readonly string[];
    /** Keys of its outputs. */
    readonly outputs: readonly string[];
    /** Files that the object store had not put in place. */
    readonly staged: readonly string[];
  };
}
/** Leftovers of an attempt that made nothing. */
export const noLeftovers: AttemptResult["leftovers"] = {
  processes: [],
  scratch: [],
  outputs: [],
  staged: [],
};

/** Expects that the job's second attempt is pending, and that the first one left nothing. */
export const expectAnotherAttempt = ({ job, leftovers }: AttemptResult): void => {
  expect({ status: job.status, attempt: job.attempt }).to.deep.equal({ status: "Submitted", attempt: 2 });
  expect(leftovers).to.deep.equal(noLeftovers);
};

const listProcessGroup = async (leader: number): Promise<readonly number[]> => {
  const processIds: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    const [state, , group] = line.slice(line.lastIndexOf(")") + 2).split(" ");
    if (group === String(leader) && state !== "Z") processIds.push(Number(entry));
  }
  return processIds;
};

/** A complete one-machine setup around real workers: database, objects, the compiled program. */
export const openBench = async () => {
  const root = await mkdtemp(join(tmpdir(), "reelway-faults-"));
  const scratch = join(root, "scratch");
  await mkdir(scratch);
  const database = await openDatabase();
  const store = createDynamoJobStore(database.client, localTableNames.jobs, { now: () => new Date() });
  const objects = createLocalObjectStore({ directory: join(root, "objects") });
  const definition = {
    OBJECT_STORE: `file:${join(root, "objects")}`,
    JOBS_TABLE: localTableNames.jobs,
    TRANSCODER_TABLE: localTableNames.transcoder,
    SCRATCH_DIRECTORY: scratch,
    CONFIGURATION: serializeJobConfiguration(reelway),
    FFMPEG_PATH: programs.ffmpeg,
    FFPROBE_PATH: programs.ffprobe,
    PROGRESS_PERIOD_SECONDS: "1",
  };

  return {
    root,
    scratch,
    store,
    transcoder: createDynamoTranscoderStore(database.client, localTableNames.transcoder, {
      now: () => new Date(),
    }),
    objects,
    definition,
    route(routeName: string): Route {
      const route = reelway.routes.find(({ name }) => name === routeName);
      if (route === undefined) throw new Error(`There is no route ${routeName}.`);
      return route;
    },
    /** Uploads a file. */
    put: (key: string, file: string, metadata = {}): Promise<ObjectHead> =>
      objects.write(
        { bucket: "input", key },
        { file },
        { contentType: "application/octet-stream", metadata },
      ),
    /** Uploads the image of the route `watermarks`. */
    async putWatermark(): Promise<void> {
      const logo = join(root, "logo.png");
      makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", logo);
      await this.put("watermarks/default.png", logo);
    },
    /** Uploads a file and claims its job. */
    async upload(routeName: string, key: string, file: string, metadata = {}): Promise<Job> {
      return this.claim(this.route(routeName), await this.put(key, file, metadata), metadata);
    },
    async claim(route: Route, head: ObjectHead, metadata = {}): Promise<Job> {
      const { bucket, key, versionId, etag, bytes, modifiedAt } = head;
      const sequencer =
        "sequencer" in head && typeof head.sequencer === "string" ? { sequencer: head.sequencer } : {};
      const job = buildJob(
        route,
        { bucket, key, versionId, etag, bytes, modifiedAt, ...sequencer },
        { configuration: reelway, outputBucket: "output", now: new Date().toISOString(), metadata },
      );
      return (await store.claim(job)).job;
    },
    /**
     * Starts a worker in a process group of its own, with a channel as the embedded runtime gives it.
     *
     * @param limit what a shell sets before it becomes the worker, e.g. `ulimit -f 8`
     */
    start(
      job: Pick<Job, "id" | "attempt">,
      environment: Record<string, string> = {},
      limit = ":",
    ): RunningWorker {
      const child = spawn("/bin/sh", ["-c", `${limit}; exec "$0" "$1"`, process.execPath, workerProgram], {
        detached: true,
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        env: {
          ...definition,
          ...buildDatabaseEnvironment(database.socketPath),
          JOB_ID: job.id,
          JOB_TABLE: localTableNames.jobs,
          JOB_ATTEMPT: String(job.attempt),
          ...environment,
        },
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
      const exited = once(child, "exit").then(([code, signal]) => ({ code, signal }));
      return {
        child,
        exited,
        log: () => text,
        processes: () => (child.pid === undefined ? Promise.resolve([]) : listProcessGroup(child.pid)),
      };
    },
    /** Runs a worker to its end. */
    async run(job: Pick<Job, "id" | "attempt">, environment: Record<string, string> = {}, limit?: string) {
      const worker = this.start(job, environment, limit);
      const { code } = await worker.exited;
      const stored = await store.read(job.id);
      return { code, job: stored, log: worker.log(), processes: await worker.processes() };
    },
    /** Waits for a worker's exit and closes its attempt: result, stored job and leftovers. */
    async finish(job: Job, worker: RunningWorker): Promise<AttemptResult> {
      const { code } = await worker.exited;
      const processes = await worker.processes();
      const keys = job.specification?.outputKeys ?? [];
      const staged = await readdir(join(root, "objects"), { recursive: true });
      return {
        code,
        report: (await store.read(job.id))?.report,
        job: await this.closeAttempt(job, code),
        leftovers: {
          processes,
          scratch: (await readdir(scratch)).filter((name) => name.startsWith(job.id)),
          outputs: (await this.outputs()).filter((key) => keys.some((prefix) => key.startsWith(prefix))),
          staged: staged.filter((name) => name.endsWith(".part")),
        },
      };
    },
    /** Closes the attempt of an exited worker as the job-events Lambda does, and returns the stored job. */
    async closeAttempt(job: Pick<Job, "id" | "attempt">, exitCode: number | null): Promise<Job> {
      const stored = await store.read(job.id);
      if (stored === undefined) throw new Error(`There is no job ${job.id}.`);
      const closer = createJobAttemptCloser({
        configuration: reelway,
        jobs: store,
        clock: { now: () => new Date() },
        notifier: { publish: () => Promise.resolve() },
        topic: "finished",
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
        metrics: noMetrics,
      });
      const state = {
        taskId: `task-of-${job.id}`,
        status: "Stopped",
        stopCode: "EssentialContainerExited",
        exitCode: exitCode ?? 137,
        environment: { JOB_ID: job.id, JOB_ATTEMPT: String(job.attempt) },
      } as const;
      await closer.closeByTask(stored, state, stored.engineJobId);
      return (await store.read(job.id)) ?? stored;
    },
    /** Resolves when the stored job satisfies a condition; rejects if the worker exits first. */
    async waitForJob(
      job: Pick<Job, "id">,
      worker: RunningWorker,
      condition: (job: Job) => boolean,
    ): Promise<Job> {
      for (;;) {
        const stored = await store.read(job.id);
        if (stored !== undefined && condition(stored)) return stored;
        if (worker.child.exitCode !== null)
          throw new Error(`The worker ended first, with ${worker.child.exitCode}: ${worker.log()}`);
        await pause(50);
      }
    },
    async outputs(): Promise<readonly string[]> {
      const keys: string[] = [];
      for await (const { key } of objects.list("output", "")) keys.push(key);
      return keys;
    },
    leftovers: () => readdir(scratch),
    /** The folder in which a worker makes a job's outputs. */
    folderOf: (job: Job) => join(scratch, `${job.id}-${job.attempt}`),
    bytesOf: async (path: string) => (await stat(path)).size,
    async close() {
      await database.close();
      await rm(root, { recursive: true, force: true });
    },
  };
};
export type Bench = Awaited<ReturnType<typeof openBench>>;
