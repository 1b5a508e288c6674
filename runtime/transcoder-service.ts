import { ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import type { Hono } from "hono";
import { createTranscoder } from "../adapters/aws/transcoder.ts";
import { createTranscoderCredentials } from "../adapters/aws/transcoder-credentials.ts";
import { createDynamoTranscoderStore } from "../adapters/aws/transcoder-store.ts";
import { type LocalDatabase, localTableNames } from "../adapters/local/database.ts";
import { createTranscoderApi } from "../lambdas/transcoder-api/app.ts";
import { createDispatcher } from "../lambdas/transcoder-dispatcher/dispatch.ts";
import {
  createTranscoderEventsHandler,
  createTranscoderReconciler,
} from "../lambdas/transcoder-events/close-transcoder-jobs.ts";
import { isTerminal } from "../pipeline/attempts/job-status.ts";
import type { Pipeline, TranscoderJob } from "../pipeline/elastic-transcoder/jobs/job.ts";
import { buildFailedOutcome } from "../pipeline/elastic-transcoder/jobs/job-outcome.ts";
import type { TranscoderStore } from "../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { Transcoder } from "../pipeline/elastic-transcoder/transcoder-client.ts";
import { JobFailure } from "../pipeline/errors/job-error.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import type { Clock } from "../pipeline/ports/clock.ts";
import type { Queue } from "../pipeline/ports/queue.ts";
import type { Secrets } from "../pipeline/ports/secrets.ts";
import { localBuckets, pipelineId, pipelineRole, topicArns } from "./names.ts";

const scope = { region: "us-east-1", account: "000000000000" };

/** Jobs that the dispatcher hands to the task runner at once; the runner's slots bound what really runs. */
const maxQueuedTasks = 100;

/** The transcoder service as the runtime drives it. */
export interface TranscoderService {
  /** Its HTTP face, under /2012-09-25. */
  readonly api: Hono;
  dispatch(): Promise<unknown>;
  reconcile(): Promise<unknown>;
  /** Takes the state changes of the service's own tasks. */
  handleTaskEvent(event: unknown): Promise<unknown>;
  /** Tells when there is something to dispatch. */
  onDispatchNeeded(listener: () => void): void;
  /** A job, for its progress. */
  readJob(id: string): Promise<TranscoderJob | undefined>;
  /**
   * Ends a job whose Reelway job was cancelled, also where it runs already, which the API's CancelJob refuses:
   * the worker has then lost it and publishes nothing.
   */
  forceCancel(id: string): Promise<void>;
}

/** The service through its real client, at this runtime's own address. */
export const createTranscoderClient = (port: number, secrets: Secrets, clock: Clock): Transcoder => {
  const current = createTranscoderCredentials(secrets, clock);
  return createTranscoder(
    new ElasticTranscoderClient({
      region: scope.region,
      endpoint: `http://127.0.0.1:${port}`,
      // Expired at once: reading the file costs nothing, and a key that was rotated out is used no more.
      credentials: async () => ({ ...(await current()), expiration: clock.now() }),
    }),
  );
};

interface TranscoderServiceOptions {
  readonly ports: JobPorts;
  readonly database: LocalDatabase;
  readonly secrets: Secrets;
  /** Told of every job that ends, before anybody can see that it has. */
  readonly beforeClose: (job: TranscoderJob) => Promise<void>;
}

const permissions = { Bucket: localBuckets.output, StorageClass: "Standard" as const, Permissions: [] };

/** The one pipeline, made at every start: its buckets and topics are this runtime's. */
const localPipeline: Pipeline = {
  Id: pipelineId,
  Arn: `arn:aws:elastictranscoder:${scope.region}:${scope.account}:pipeline/${pipelineId}`,
  Name: "reelway",
  Status: "Active",
  InputBucket: localBuckets.input,
  OutputBucket: localBuckets.output,
  Role: pipelineRole,
  Notifications: {
    Progressing: "",
    Completed: topicArns.transcoder,
    Warning: "",
    Error: topicArns.transcoder,
  },
  ContentConfig: permissions,
  ThumbnailConfig: permissions,
};

/** Starts the service over the embedded database, with its one pipeline. */
export const startTranscoderService = async (
  options: TranscoderServiceOptions,
): Promise<TranscoderService> => {
  const { clock, log, metrics, notifier, tasks, configuration } = options.ports;
  const { limits } = configuration;
  const table = createDynamoTranscoderStore(options.database.client, localTableNames.transcoder, clock);
  const store: TranscoderStore = {
    ...table,
    async closeJob(id, attempt, end) {
      const job = await table.read(id);
      if (job !== undefined) await options.beforeClose(job);
      return table.closeJob(id, attempt, end);
    },
  };
  const existing = await store.updatePipeline(pipelineId, ({ Status }) => ({ ...localPipeline, Status }));
  if (existing === undefined) await store.createPipeline(localPipeline);
  let wakeDispatcher = (): void => undefined;
  const dispatcherQueue: Queue = { send: async () => wakeDispatcher() };
  const sharedOptions = {
    store,
    notifier,
    clock,
    log,
    metrics,
    retryBackoffSeconds: limits.retryBackoffSeconds,
  };
  return {
    api: createTranscoderApi({ store, secrets: options.secrets, dispatcherQueue, scope, limits, clock, log }),
    dispatch: createDispatcher({
      ...sharedOptions,
      tasks,
      transcoderTable: localTableNames.transcoder,
      maxConcurrentJobs: maxQueuedTasks,
      size: configuration.taskSizes.transcode,
    }),
    reconcile: createTranscoderReconciler({ ...sharedOptions, tasks, notificationGraceSeconds: 5 }),
    handleTaskEvent: createTranscoderEventsHandler({ ...sharedOptions, dispatcherQueue }),
    onDispatchNeeded: (listener) => {
      wakeDispatcher = listener;
    },
    readJob: (id) => store.read(id),
    async forceCancel(id) {
      const job = await store.read(id);
      if (job === undefined || isTerminal(job.status)) return;
      const error = new JobFailure(9000, "The job that this one was made for was cancelled.").toJobError();
      await store.closeJob(id, job.attempt, buildFailedOutcome(job, error));
      if (job.taskId !== undefined) await tasks.stop(job.taskId, "cancelled by an operator");
    },
  };
};
