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
import { forceCancelJob } from "../pipeline/elastic-transcoder/jobs/force-cancel.ts";
import type { Pipeline, TranscoderJob } from "../pipeline/elastic-transcoder/jobs/job.ts";
import type { TranscoderStore } from "../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { Transcoder } from "../pipeline/elastic-transcoder/transcoder-client.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import type { Clock } from "../pipeline/ports/clock.ts";
import type { Queue } from "../pipeline/ports/queue.ts";
import type { Secrets } from "../pipeline/ports/secrets.ts";
import { localBuckets, pipelineId, pipelineRole, topicArns } from "./names.ts";

const scope = { region: "us-east-1", account: "000000000000" };

/** Jobs that the dispatcher may pass to the task runner at once. The runner's slots limit how many run. */
const maxQueuedTasks = 100;

/** The transcoder service of the runtime. */
export interface TranscoderService {
  /** HTTP API under /2012-09-25. */
  readonly api: Hono;
  dispatch(): Promise<unknown>;
  reconcile(): Promise<unknown>;
  /** Handles an ECS task state change event of the service's tasks. */
  handleTaskEvent(event: unknown): Promise<unknown>;
  /** Registers the listener that is called when a job can be dispatched. */
  onDispatchNeeded(listener: () => void): void;
  /** Reads a job; undefined if it does not exist. */
  readJob(id: string): Promise<TranscoderJob | undefined>;
  /**
   * Ends the transcoder job of a canceled Reelway job, even if it is running, which the API's CancelJob refuses. Its
   * worker publishes nothing afterwards.
   */
  forceCancel(id: string): Promise<void>;
}

/** Creates the service's SDK client for this runtime's address. */
export const createTranscoderClient = (port: number, secrets: Secrets, clock: Clock): Transcoder => {
  const current = createTranscoderCredentials(secrets, clock);
  return createTranscoder(
    new ElasticTranscoderClient({
      region: scope.region,
      endpoint: `http://127.0.0.1:${port}`,
      // Expire at once: reading the file is cheap, and a rotated key is no longer used.
      credentials: async () => ({ ...(await current()), expiration: clock.now() }),
    }),
  );
};

interface TranscoderServiceOptions {
  readonly ports: JobPorts;
  readonly database: LocalDatabase;
  readonly secrets: Secrets;
  /** Called for each job that ends, before its new status is stored. */
  readonly beforeClose: (job: TranscoderJob) => Promise<void>;
}

const permissions = { Bucket: localBuckets.output, StorageClass: "Standard" as const, Permissions: [] };

/** The only predefined pipeline, with the buckets and topics of this runtime. It is written at every start. */
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

/** Starts the service on the embedded database and writes its predefined pipeline. */
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
      taskStarts: options.ports.taskStarts,
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
    forceCancel: (id) => forceCancelJob({ store, tasks }, id),
  };
};
