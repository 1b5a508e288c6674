import { ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import type { Hono } from "hono";
import { createTranscoder } from "../adapters/aws/transcoder.ts";
import { transcoderCredentials } from "../adapters/aws/transcoder-credentials.ts";
import { createDynamoTranscoderStore } from "../adapters/aws/transcoder-store.ts";
import { type LocalDatabase, localTables } from "../adapters/local/database.ts";
import { createTranscoderApi } from "../lambdas/transcoder-api/app.ts";
import { createDispatcher } from "../lambdas/transcoder-dispatcher/dispatch.ts";
import {
  createTranscoderEvents,
  createTranscoderReconciler,
} from "../lambdas/transcoder-events/close-transcoder-jobs.ts";
import { isTerminal } from "../pipeline/attempts/job-status.ts";
import { failedEnd } from "../pipeline/elastic-transcoder/jobs/ends.ts";
import type { Pipeline, TranscoderJob } from "../pipeline/elastic-transcoder/jobs/job.ts";
import type { TranscoderStore } from "../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { Transcoder } from "../pipeline/elastic-transcoder/transcoder-client.ts";
import { JobFailure } from "../pipeline/errors/job-error.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import type { Clock, Queue, Secrets } from "../pipeline/ports/services.ts";
import { localBuckets, pipelineId, pipelineRole, topics } from "./names.ts";

const scope = { region: "us-east-1", account: "000000000000" };

/** Jobs that the dispatcher hands to the task runner at once; the runner's slots bound what really runs. */
const queuedAtOnce = 100;

/** The transcoder service as the runtime drives it. */
export interface TranscoderService {
  /** Its HTTP face, under /2012-09-25. */
  readonly api: Hono;
  dispatch(): Promise<unknown>;
  reconcile(): Promise<unknown>;
  /** Takes the state changes of the service's own tasks. */
  taskEvents(event: unknown): Promise<unknown>;
  /** Tells when there is something to dispatch. */
  onKick(listener: () => void): void;
  /** A job, for its progress. */
  read(id: string): Promise<TranscoderJob | undefined>;
  /**
   * Ends a job whose Reelway job was cancelled, also where it runs already, which the API's CancelJob refuses:
   * the worker has then lost it and publishes nothing.
   */
  abandon(id: string): Promise<void>;
}

/** The service through its real client, at this runtime's own address. */
export const createTranscoderClient = (port: number, secrets: Secrets, clock: Clock): Transcoder => {
  const current = transcoderCredentials(secrets, clock);
  return createTranscoder(
    new ElasticTranscoderClient({
      region: scope.region,
      endpoint: `http://127.0.0.1:${port}`,
      // Expired at once: reading the file costs nothing, and a key that was rotated out is used no more.
      credentials: async () => ({ ...(await current()), expiration: clock.now() }),
    }),
  );
};

interface ServiceOptions {
  readonly ports: JobPorts;
  readonly database: LocalDatabase;
  readonly secrets: Secrets;
  /** Told of every job that ends, before anybody can see that it has. */
  readonly onEnding: (job: TranscoderJob) => Promise<void>;
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
    Completed: topics.transcoder,
    Warning: "",
    Error: topics.transcoder,
  },
  ContentConfig: permissions,
  ThumbnailConfig: permissions,
};

/** Starts the service over the embedded database, with its one pipeline. */
export const startTranscoderService = async (options: ServiceOptions): Promise<TranscoderService> => {
  const { clock, log, notifier, tasks, configuration } = options.ports;
  const { limits } = configuration;
  const table = createDynamoTranscoderStore(options.database.client, localTables.transcoder, clock);
  const store: TranscoderStore = {
    ...table,
    async close(id, attempt, end) {
      const job = await table.read(id);
      if (job !== undefined) await options.onEnding(job);
      return table.close(id, attempt, end);
    },
  };
  const known = await store.updatePipeline(pipelineId, ({ Status }) => ({ ...localPipeline, Status }));
  if (known === undefined) await store.createPipeline(localPipeline);
  let kick = (): void => undefined;
  const dispatcher: Queue = { send: async () => kick() };
  const end = { store, notifier, clock, log, retryBackoffSeconds: limits.retryBackoffSeconds };
  return {
    api: createTranscoderApi({ store, secrets: options.secrets, dispatcher, scope, limits, clock, log }),
    dispatch: createDispatcher({
      ...end,
      tasks,
      transcoderTable: localTables.transcoder,
      concurrency: queuedAtOnce,
      size: configuration.sizes.transcode,
    }),
    reconcile: createTranscoderReconciler({ ...end, tasks, notificationGraceSeconds: 5 }),
    taskEvents: createTranscoderEvents({ ...end, dispatcher }),
    onKick: (listener) => {
      kick = listener;
    },
    read: (id) => store.read(id),
    async abandon(id) {
      const job = await store.read(id);
      if (job === undefined || isTerminal(job.status)) return;
      const error = new JobFailure(9000, "The job that this one was made for was cancelled.").toJSON();
      await store.close(id, job.attempt, failedEnd(job, error));
      if (job.task !== undefined) await tasks.stop(job.task, "cancelled by an operator");
    },
  };
};
