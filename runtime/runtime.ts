import { availableParallelism } from "node:os";
import { createDynamoJobStore } from "../adapters/aws/job-store.ts";
import { createDynamoRateLimiter } from "../adapters/aws/rate-limiter.ts";
import { createDynamoSweepStore } from "../adapters/aws/sweep-store.ts";
import { buildDatabaseEnvironment, localTableNames } from "../adapters/local/database.ts";
import { noMetrics } from "../adapters/local/metrics.ts";
import { type CreatedObject, createLocalObjectStore } from "../adapters/local/object-store.ts";
import { createProcessTaskRunner } from "../adapters/local/process-task-runner.ts";
import { createLocalQueue } from "../adapters/local/queue.ts";
import { createFileSecrets } from "../adapters/local/secrets.ts";
import { unlimitedTokens } from "../adapters/local/token-bucket.ts";
import { startProgram } from "../build/package-directory.ts";
import type { IdentityProviderOptions } from "../lambdas/api/oidc.ts";
import { createJobEventsHandler } from "../lambdas/job-events/close-jobs.ts";
import { createRouter } from "../lambdas/router/route-uploads.ts";
import type { Configuration, JobConfiguration } from "../pipeline/configuration/configuration.ts";
import { serializeJobConfiguration } from "../pipeline/configuration/job-configuration.ts";
import { parseTaskStateChange } from "../pipeline/events/task-state-change.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { isJobId } from "../pipeline/jobs/job-id.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { registerRoutes } from "../pipeline/jobs/route-registry.ts";
import type { Clock } from "../pipeline/ports/clock.ts";
import { createRuntimeAuthentication } from "./authentication.ts";
import { type LocalChannels, openChannels } from "./channels.ts";
import { createCleanupStack } from "./cleanup-stack.ts";
import { type Control, createControl } from "./control.ts";
import { toVersionProblem } from "./data-files.ts";
import { makeDataFolder, resolveDataFolder } from "./data-folder.ts";
import { createDirectRouteStarter } from "./direct-routes.ts";
import { type DropFolder, watchDropFolder } from "./drop-folder.ts";
import { createEngineChecks } from "./engine-checks.ts";
import { createEngineHealth } from "./engine-health.ts";
import { openFileLog } from "./file-log.ts";
import { createLinkingJobStore, linkOutputs } from "./job-store.ts";
import { describePrograms, requireMediaPrograms } from "./media-programs.ts";
import { localBuckets, pipelineId, topicArns } from "./names.ts";
import { openNotifications } from "./notifications.ts";
import { openDataFolder } from "./open-data-folder.ts";
import { createOutputTree } from "./output-tree.ts";
import { startPeriodicWork } from "./periodic-work.ts";
import { claimRecentUploads } from "./recovery.ts";
import { createRemovingObjectStore } from "./removing-object-store.ts";
import { openResponses } from "./responses.ts";
import { assertNotRunning } from "./runtime-record.ts";
import { serveApi } from "./serve-api.ts";
import { listen } from "./server/listen.ts";
import { toStartError } from "./start-error.ts";
import { listTranscoderFiles } from "./transcoder-files.ts";
import { createTranscoderClient, startTranscoderService } from "./transcoder-service.ts";
import { createObjectCreatedEvent, createSqsEvent } from "./upload-events.ts";
import { startWatchers } from "./watchers/start-watchers.ts";

export type { IdentityProviderOptions };

/** Options of `startRuntime`. */
export interface StartRuntimeOptions {
  readonly directory: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly configuration: JobConfiguration & Pick<Configuration, "hooks" | "webhooks" | "channels">;
  /** Origins whose pages may call the server, in addition to its own. */
  readonly allowedOrigins?: readonly string[];
  /** Whether the server requires a session or a token. @default false */
  readonly requiresAuthentication?: boolean;
  /** Where users sign in, if the server requires it. @default at the server, with a password */
  readonly identityProvider?: IdentityProviderOptions | undefined;
  /** Aborts the start. A started runtime is stopped by `close`. */
  readonly signal?: AbortSignal;
  /** Called with a line for the terminal, e.g. when a file is broken, an engine fails or work pauses. */
  readonly onNotice?: (line: string) => void;
}
/** A running runtime. */
export interface Runtime {
  readonly port: number;
  readonly control: Control;
  readonly channels: LocalChannels;
  readonly programs: ReturnType<typeof requireMediaPrograms>;
  /** Aborted with a CommandError when the runtime cannot continue, e.g. because its database is damaged. */
  readonly failureSignal: AbortSignal;
  /** Links a finished job's outputs into the output folder without waiting for its message. */
  linkOutputs(job: Job): Promise<void>;
  /** Stops the workers and keeps the state; the next start continues the jobs. */
  close(): Promise<void>;
}

const clock: Clock = { now: () => new Date() };

/**
 * Starts the pipeline on one machine: the function handlers and the worker program on local ports, wired like the
 * stacks on AWS.
 *
 * @throws CommandError if the folder or the port is in use, or ffmpeg does not run; the signal's reason if aborted
 */
export const startRuntime = async (options: StartRuntimeOptions): Promise<Runtime> => {
  const folder = resolveDataFolder(options.directory);
  const { configuration } = options;
  const cleanup = createCleanupStack();
  const failureController = new AbortController();
  const notify = options.onNotice ?? (() => undefined);
  try {
    const programs = requireMediaPrograms();
    await makeDataFolder(folder);
    await assertNotRunning(folder.runtimeRecord, folder.root);
    const log = openFileLog(folder.log);
    cleanup.add(() => log.close());
    const { database, disk, record, reportProblem } = await openDataFolder(folder, {
      cleanup,
      log,
      notify,
      fail: (failure) => failureController.abort(failure),
    });
    // After the lock, so that a second start on the same folder reports the folder, not the port.
    const server = await listen(options.port, { allowedOrigins: options.allowedOrigins });
    cleanup.add(() => server.close());
    options.signal?.throwIfAborted();
    const secrets = await createFileSecrets(folder.transcoderKeys);
    const rateLimiter = createDynamoRateLimiter(database.client, localTableNames.jobs, clock);
    const authentication = options.requiresAuthentication
      ? createRuntimeAuthentication(folder.accounts, options.identityProvider, { rateLimiter, clock })
      : undefined;

    const objects = createLocalObjectStore({
      directory: folder.objects,
      onCreated: (object) => onCreated(object),
      onBrokenRecord: (path, reason) => reportProblem(toVersionProblem(path, reason)),
    });
    await objects.clearStaging();
    const outputs = createOutputTree(folder.output, objects, log);
    const jobs = createLinkingJobStore(
      createDynamoJobStore(database.client, localTableNames.jobs, clock),
      outputs,
    );
    const responses = openResponses(database.client, {
      configuration,
      inputBucket: localBuckets.input,
      jobs,
      clock,
      log,
    });
    cleanup.add(() => responses.close());
    const { notifier, subscriptions } = await openNotifications({
      folder,
      configuration,
      ports: { jobs, objects, clock, log },
      responses,
      linkOutputs: (job) => linkOutputs(outputs, job),
      jobEvents: (event) => jobEvents(event),
      notify,
      cleanup,
    });
    const tasks = createProcessTaskRunner({
      directory: folder.tasks,
      program: [process.execPath, startProgram],
      maxConcurrentTasks: availableParallelism(),
      definition: {
        OBJECT_STORE: `file:${folder.objects}`,
        JOBS_TABLE: localTableNames.jobs,
        TRANSCODER_TABLE: localTableNames.transcoder,
        SCRATCH_DIRECTORY: folder.scratch,
        CONFIGURATION: serializeJobConfiguration(configuration),
        FFMPEG_PATH: programs.ffmpeg,
        FFPROBE_PATH: programs.ffprobe,
      },
      environment: buildDatabaseEnvironment(database.socketPath),
      canStart: () => !disk.isFull(),
      onStateChange: (event) => onStateChange(event),
    });
    cleanup.add(() => tasks.close());
    // It calls the server below, so no job may start before `server.serve`.
    const transcoderClient = createTranscoderClient(server.port, secrets, clock);
    const health = createEngineHealth({
      checks: createEngineChecks({
        programs,
        secrets,
        transcoder: transcoderClient,
      }),
      clock,
      log,
      onChange: notify,
    });
    const ports: JobPorts = {
      configuration,
      inputBucket: localBuckets.input,
      outputBucket: localBuckets.output,
      jobs,
      sweeps: createDynamoSweepStore(database.client, localTableNames.jobs),
      objects,
      tasks: { ...tasks, run: health.trackStarts("ffmpeg", tasks.run) },
      taskStarts: unlimitedTokens,
      transcoder: {
        ...transcoderClient,
        createJob: health.trackStarts("elastic-transcoder", transcoderClient.createJob),
      },
      pipelineId,
      jobsTable: localTableNames.jobs,
      notifier,
      topic: topicArns.jobs,
      clock,
      log,
      metrics: noMetrics,
    };
    const transcoderService = await startTranscoderService({
      ports,
      database,
      secrets,
      beforeClose: async (job) => outputs.link(job.outputBucket, await listTranscoderFiles(objects, job)),
    });
    const jobEvents = createJobEventsHandler(ports);
    await registerRoutes(ports);
    const router = createRouter(ports);
    const startDirect = createDirectRouteStarter(ports);

    const onStateChange = async (event: unknown): Promise<void> => {
      const job = parseTaskStateChange(event)?.environment.JOB_ID;
      if (job === undefined || isJobId(job)) await jobEvents(event);
      else await transcoderService.handleTaskEvent(event);
    };
    const uploads = createLocalQueue(async (message) => {
      await disk.waitForSpace();
      const { batchItemFailures } = await router(createSqsEvent("upload", message));
      if (batchItemFailures.length > 0) throw new Error("The router failed to claim an upload.");
    }, log);
    const onCreated = (object: CreatedObject): void => {
      if (object.bucket !== localBuckets.input) return;
      startDirect(object);
      responses.sendUpload(object);
      void uploads.send(createObjectCreatedEvent(object));
    };
    cleanup.add(() => uploads.close());

    const control = createControl({
      ports,
      objects,
      transcoderService,
      resolveOutputPath: (key) => outputs.resolvePath(key),
      isDiskFull: () => disk.isFull(),
      description: {
        data: folder.root,
        pid: process.pid,
        ffmpeg: describePrograms(programs),
        slots: availableParallelism(),
      },
      listEngines: health.list,
    });
    let resolveDropFolder: (folder: DropFolder) => void = () => undefined;
    const startedDropFolder = new Promise<DropFolder>((resolve) => {
      resolveDropFolder = resolve;
    });
    const channels = openChannels(database.client, {
      channels: configuration.channels,
      jobPorts: ports,
    });
    const multipartUploads = await serveApi(server, {
      folder,
      configuration,
      control,
      jobs,
      objects,
      removingObjects: createRemovingObjectStore(objects, outputs, () => startedDropFolder),
      responses: responses.store,
      channels,
      rateLimiter,
      authentication,
      transcoder: transcoderService.api,
      subscriptions,
      clock,
      log,
    });
    await tasks.recover();
    await claimRecentUploads(ports);
    options.signal?.throwIfAborted();
    const periodicWork = startPeriodicWork({
      ports,
      objects,
      databaseClient: database.client,
      channels: channels.settings,
      tasks,
      transcoder: transcoderService,
      multipartUploads,
      responses,
      health,
      record,
    });
    cleanup.add(() => periodicWork.close());
    cleanup.add(() => health.close());
    await health.check();
    periodicWork.trigger();
    const watchers = await startWatchers({
      channels: channels.settings,
      limits: configuration.limits,
      folder,
      database,
      programs,
      store: channels.store,
      notifier,
      disk,
      clock,
      log,
      notify,
    });
    cleanup.add(() => watchers.close());
    const dropFolder = await watchDropFolder({
      directory: folder.input,
      bucket: localBuckets.input,
      objects,
      staging: folder.uploadStaging,
      importIndexPath: folder.importIndex,
      waitForSpace: () => disk.waitForSpace(),
      log,
    });
    cleanup.add(() => dropFolder.close());
    resolveDropFolder(dropFolder);
    options.signal?.throwIfAborted();
    await record.publish({ port: server.port, token: authentication?.commandToken });
    return {
      port: server.port,
      control,
      channels,
      programs,
      failureSignal: failureController.signal,
      linkOutputs: (job) => linkOutputs(outputs, job),
      close: () => cleanup.close(),
    };
  } catch (cause) {
    await cleanup.close().catch(() => undefined);
    throw await toStartError(folder, cause);
  }
};
