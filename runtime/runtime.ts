import { availableParallelism } from "node:os";
import { createDynamoJobStore } from "../adapters/aws/job-store.ts";
import { databaseEnvironment, localTables } from "../adapters/local/database.ts";
import { openHttpSubscriptions } from "../adapters/local/http-subscriptions.ts";
import { type CreatedObject, createLocalObjectStore } from "../adapters/local/object-store.ts";
import { createProcessTaskRunner } from "../adapters/local/process-task-runner.ts";
import { createLocalQueue } from "../adapters/local/queue.ts";
import { createFileSecrets } from "../adapters/local/secrets.ts";
import { createJobEvents } from "../lambdas/job-events/close-jobs.ts";
import { createReconciler } from "../lambdas/reconciler/reconcile.ts";
import { createRouter } from "../lambdas/router/route-uploads.ts";
import { createSweep } from "../lambdas/sweep/sweep.ts";
import type { JobConfiguration } from "../pipeline/configuration/configuration.ts";
import { jobConfigurationJson } from "../pipeline/configuration/job-configuration.ts";
import { parseTaskStateChange } from "../pipeline/events/task-state-change.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { isJobId } from "../pipeline/jobs/job-id.ts";
import type { JobStore } from "../pipeline/jobs/job-store.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import type { Clock } from "../pipeline/ports/services.ts";
import { createClosers } from "./closers.ts";
import { type Control, createControl } from "./control.ts";
import { versionProblem } from "./data-files.ts";
import { dataFolder, makeDataFolder } from "./data-folder.ts";
import { startDirectRoutes } from "./direct-routes.ts";
import { watchDropFolder } from "./drop-folder.ts";
import { engineChecks } from "./engine-checks.ts";
import { createEngineHealth } from "./engine-health.ts";
import { openFileLog } from "./file-log.ts";
import { refuseRunning } from "./lock.ts";
import { describePrograms, mediaPrograms } from "./media-programs.ts";
import { localBuckets, pipelineId, topics } from "./names.ts";
import { openDataFolder } from "./open-data-folder.ts";
import { createOutputTree } from "./output-tree.ts";
import { createPruning } from "./pruning.ts";
import { claimRecentUploads } from "./recovery.ts";
import { createApp } from "./server/app.ts";
import { listen } from "./server/listen.ts";
import { startFailure } from "./start-failure.ts";
import { startTick } from "./ticks.ts";
import { createTopics } from "./topics.ts";
import { transcoderFiles } from "./transcoder-files.ts";
import { createTranscoderClient, startTranscoderService } from "./transcoder-service.ts";
import { objectCreatedEvent, queuedBatch } from "./upload-events.ts";
import { bundleWorker } from "./worker-program.ts";

/** What a runtime is started with. */
export interface RuntimeOptions {
  readonly directory: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly configuration: JobConfiguration;
  /** Origins whose pages may use the server, beside its own. */
  readonly allowedOrigins?: readonly string[];
  /** Gives a start up that is under way; afterwards `close` ends the runtime. */
  readonly signal?: AbortSignal;
  /** Gets a line for the person at the terminal, e.g. that a file is broken, an engine fails, or work pauses. */
  readonly onNotice?: (line: string) => void;
}
/** A runtime at work. */
export interface Runtime {
  readonly port: number;
  readonly control: Control;
  readonly programs: ReturnType<typeof mediaPrograms>;
  /** Aborted with a CommandFailed when the runtime can do nothing more, e.g. with a damaged database. */
  readonly broken: AbortSignal;
  /** Puts a finished job's outputs into the output folder, should its message still be under way. */
  showOutputs(job: Job): Promise<void>;
  /** Stops the workers and keeps the state: the next start goes on. */
  close(): Promise<void>;
}

const clock: Clock = { now: () => new Date() };

/**
 * The whole pipeline in this process: the handlers of the functions and the worker program over local ports,
 * wired as the stacks wire them on AWS.
 *
 * @throws CommandFailed where the folder or the port is taken, or ffmpeg does not run; the signal's reason
 */
export const startRuntime = async (options: RuntimeOptions): Promise<Runtime> => {
  const folder = dataFolder(options.directory);
  const { configuration } = options;
  const closers = createClosers();
  const broken = new AbortController();
  const notify = options.onNotice ?? (() => undefined);
  try {
    const programs = mediaPrograms();
    await makeDataFolder(folder);
    await refuseRunning(folder.lock, folder.root);
    const log = openFileLog(folder.log);
    closers.add(() => log.close());
    const { database, disk, record, reportProblem } = await openDataFolder(folder, {
      closers,
      log,
      notify,
      fail: (failure) => broken.abort(failure),
    });
    // After the lock: a port that this folder's own runtime uses is no other program's.
    const server = await listen(options.port, { allowedOrigins: options.allowedOrigins });
    closers.add(() => server.close());
    options.signal?.throwIfAborted();
    const secrets = await createFileSecrets(folder.transcoderKeys);
    const program = await bundleWorker(folder.worker);
    options.signal?.throwIfAborted();

    const objects = createLocalObjectStore({
      directory: folder.objects,
      onCreated: (object) => onCreated(object),
      onBrokenRecord: (path, reason) => reportProblem(versionProblem(path, reason)),
    });
    await objects.clearStaging();
    const outputs = createOutputTree(folder.output, objects, log);
    const showOutputs = ({ specification, outputs: made }: Job): Promise<void> =>
      specification === null
        ? Promise.resolve()
        : outputs.show(
            specification.outputBucket,
            made.map(({ key }) => key),
          );
    const table = createDynamoJobStore(database.client, localTables.jobs, clock);
    const jobs: JobStore = {
      ...table,
      // Whoever sees that a job is Complete shall find its files in the output folder.
      async close(id, attempt, end) {
        if (end.status === "Complete")
          await outputs.show(
            localBuckets.output,
            end.outputs.map(({ key }) => key),
          );
        return table.close(id, attempt, end);
      },
    };
    const subscriptions = await openHttpSubscriptions({
      directory: folder.subscriptions,
      firstPause: 1000,
      log,
    });
    closers.add(() => subscriptions.close());
    const notifier = createTopics(folder.notifications, subscriptions, {
      [topics.jobs]: async (message) => {
        const { id } = message;
        const job = id === undefined ? undefined : await jobs.read(id);
        if (job?.status === "Complete") await showOutputs(job);
      },
      [topics.transcoder]: (_message, event) => jobEvents(event),
    });
    const tasks = createProcessTaskRunner({
      directory: folder.tasks,
      program,
      slots: availableParallelism(),
      definition: {
        OBJECT_STORE: `file:${folder.objects}`,
        JOBS_TABLE: localTables.jobs,
        TRANSCODER_TABLE: localTables.transcoder,
        SCRATCH: folder.scratch,
        CONFIGURATION: jobConfigurationJson(configuration),
        FFMPEG: programs.ffmpeg,
        FFPROBE: programs.ffprobe,
      },
      environment: {
        ...databaseEnvironment(database.socket),
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      },
      mayStart: () => !disk.isFull(),
      onStateChange: (event) => onStateChange(event),
    });
    closers.add(() => tasks.close());
    // Calls the server below, so nothing may start a job before `server.serve`.
    const transcoderClient = createTranscoderClient(server.port, secrets, clock);
    const health = createEngineHealth({
      checks: engineChecks({ programs, worker: folder.worker, secrets, transcoder: transcoderClient }),
      clock,
      log,
      onChange: notify,
    });
    const ports: JobPorts = {
      configuration,
      inputBucket: localBuckets.input,
      outputBucket: localBuckets.output,
      jobs,
      objects,
      tasks: { ...tasks, run: health.watchStarts("ffmpeg", tasks.run) },
      transcoder: {
        ...transcoderClient,
        createJob: health.watchStarts("elastic-transcoder", transcoderClient.createJob),
      },
      pipelineId,
      jobsTable: localTables.jobs,
      notifier,
      topic: topics.jobs,
      clock,
      log,
    };
    const transcoder = await startTranscoderService({
      ports,
      database,
      secrets,
      onEnding: async (job) => outputs.show(job.outputBucket, await transcoderFiles(objects, job)),
    });
    const jobEvents = createJobEvents(ports);
    const router = createRouter(ports);
    const startDirect = startDirectRoutes(ports);

    const onStateChange = async (event: unknown): Promise<void> => {
      const job = parseTaskStateChange(event)?.environment.JOB_ID;
      if (job === undefined || isJobId(job)) await jobEvents(event);
      else await transcoder.taskEvents(event);
    };
    const uploads = createLocalQueue(async (message) => {
      await disk.room();
      const { batchItemFailures } = await router(queuedBatch("upload", message));
      if (batchItemFailures.length > 0) throw new Error("The router could not claim an upload.");
    }, log);
    const onCreated = (object: CreatedObject): void => {
      if (object.bucket !== localBuckets.input) return;
      startDirect(object);
      void uploads.send(objectCreatedEvent(object));
    };
    closers.add(() => uploads.close());

    const control = createControl({
      ports,
      objects,
      transcoder,
      outputPath: (key) => outputs.path(key),
      isDiskFull: () => disk.isFull(),
      about: {
        data: folder.root,
        pid: process.pid,
        ffmpeg: describePrograms(programs),
        slots: availableParallelism(),
      },
      engines: health.list,
    });
    server.serve(
      createApp({
        objects,
        buckets: localBuckets,
        control,
        uploads: folder.uploads,
        transcoder: transcoder.api,
        subscriptions,
        log,
      }),
    );
    await tasks.recover();
    await claimRecentUploads(ports);
    options.signal?.throwIfAborted();
    const ticks = [
      startTick("dispatcher", 1, transcoder.dispatch, log),
      startTick("reconciler", 1, createReconciler(ports), log),
      startTick("transcoder's reconciler", 5, transcoder.reconcile, log),
      startTick("sweep", 180, createSweep(ports), log),
      startTick("resumption of tasks", 1, () => tasks.resume(), log),
      startTick("pruning of old versions", 3600, createPruning(ports, objects), log),
      startTick("engine check", 5, health.check, log),
      startTick("record of the runtime", 5, () => record.restore(), log),
    ];
    closers.add(() => Promise.all(ticks.map((tick) => tick.close())));
    closers.add(() => health.close());
    await health.check();
    transcoder.onKick(() => ticks[0]?.kick());
    for (const tick of ticks) tick.kick();
    const drops = await watchDropFolder({
      directory: folder.input,
      bucket: localBuckets.input,
      objects,
      staging: folder.uploads,
      ledger: folder.ingested,
      room: () => disk.room(),
      log,
    });
    closers.add(() => drops.close());
    options.signal?.throwIfAborted();
    await record.announce(server.port);
    return {
      port: server.port,
      control,
      programs,
      broken: broken.signal,
      showOutputs,
      close: () => closers.close(),
    };
  } catch (cause) {
    await closers.close().catch(() => undefined);
    throw await startFailure(folder, cause);
  }
};
