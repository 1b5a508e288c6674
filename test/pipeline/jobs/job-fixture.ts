import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { createDynamoSweepStore } from "../../../adapters/aws/sweep-store.ts";
import { localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import { noMetrics } from "../../../adapters/local/metrics.ts";
import { unlimitedTokens } from "../../../adapters/local/token-bucket.ts";
import type { ReconcilerPorts } from "../../../lambdas/reconciler/reconcile.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type {
  TranscoderJobRequest,
  TranscoderJobState,
} from "../../../pipeline/elastic-transcoder/transcoder-client.ts";
import type { JobPorts } from "../../../pipeline/jobs/ports.ts";
import { registerRoutes } from "../../../pipeline/jobs/route-registry.ts";
import type { MetricName } from "../../../pipeline/ports/metrics.ts";
import type { Notification } from "../../../pipeline/ports/notifier.ts";
import type {
  ObjectHead,
  ObjectSummary,
  VersionMarker,
  VersionPage,
} from "../../../pipeline/ports/object-store.ts";
import type { TaskRequest } from "../../../pipeline/ports/task-runner.ts";
import type { TaskState } from "../../../pipeline/ports/task-state.ts";
import defaults from "../../../reelway.config.ts";

/**
 * Ports for tests of the job life cycle: a real jobs table, everything else in memory. The routes are registered since
 * October 1, before any upload of a test.
 */
export interface JobFixture {
  readonly ports: JobPorts & { readonly wait: ReconcilerPorts["wait"] };
  /** By client token, as in RunTask. */
  readonly started: Map<string, TaskRequest>;
  /** By `reelway-job` and attempt, as in the transcoder. */
  readonly created: Map<string, TranscoderJobRequest>;
  readonly tasks: Map<string, TaskState>;
  readonly transcoderJobs: Map<string, TranscoderJobState>;
  readonly stopped: string[];
  readonly canceled: string[];
  readonly published: Notification[];
  readonly logged: string[];
  readonly counted: MetricName[];
  /** Objects by `BUCKET/KEY`. Every other key has an object without metadata, unless it is in `removedKeys`. */
  readonly heads: Map<string, ObjectHead>;
  readonly removedKeys: Set<string>;
  readonly versions: ObjectSummary[];
  /** Advances the clock. */
  advanceClock(seconds: number): void;
  /** Makes the next call of a method, e.g. `tasks.run`, reject. */
  fail(method: string, cause: unknown): void;
  close(): Promise<void>;
}

const notImplemented = (): never => {
  throw new Error("unexpected call");
};

/** Versions of one page, as in Amazon S3. */
const versionsPerPage = 1000;
const isAfter = (version: ObjectSummary, { key, versionId }: VersionMarker): boolean =>
  version.key > key || (version.key === key && String(version.versionId) > String(versionId));

/** Lists versions ordered by key, then by id. */
async function* listPages(
  versions: readonly ObjectSummary[],
  prefix: string,
  after: VersionMarker | undefined,
): AsyncGenerator<VersionPage> {
  let marker = after;
  do {
    const remaining = versions
      .filter(
        (version) => version.key.startsWith(prefix) && (marker === undefined || isAfter(version, marker)),
      )
      .sort((a, b) => (isAfter(a, b) ? 1 : -1));
    const page = remaining.slice(0, versionsPerPage);
    const last = page.at(-1);
    marker =
      remaining.length > page.length && last !== undefined
        ? { key: last.key, versionId: last.versionId }
        : undefined;
    yield { versions: page, next: marker };
  } while (marker !== undefined);
}

export const openJobFixture = async (limits: Record<string, number> = {}): Promise<JobFixture> => {
  const database = await openDatabase();
  let now = Date.parse("2026-11-21T03:00:00.000Z");
  const clock = { now: () => new Date(now) };
  const started = new Map<string, TaskRequest>();
  const created = new Map<string, TranscoderJobRequest>();
  const tasks = new Map<string, TaskState>();
  const transcoderJobs = new Map<string, TranscoderJobState>();
  const stopped: string[] = [];
  const canceled: string[] = [];
  const published: Notification[] = [];
  const logged: string[] = [];
  const counted: MetricName[] = [];
  const heads = new Map<string, ObjectHead>();
  const removedKeys = new Set<string>();
  const versions: ObjectSummary[] = [];
  const failures = new Map<string, unknown[]>();
  const withFailure = async <Answer>(
    method: string,
    answer: () => Answer | Promise<Answer>,
  ): Promise<Answer> => {
    const cause = failures.get(method)?.shift();
    if (cause !== undefined) throw cause;
    return answer();
  };
  const store = createDynamoJobStore(database.client, localTableNames.jobs, clock);
  const log = (message: string) => void logged.push(message);
  const ports: JobFixture["ports"] = {
    configuration: parseConfiguration({ ...defaults, limits }),
    inputBucket: "input",
    outputBucket: "output",
    jobs: {
      ...store,
      claim: (job) => withFailure("jobs.claim", () => store.claim(job)),
      read: (id) => withFailure("jobs.read", () => store.read(id)),
      recordStart: (id, attempt, engineJobId) =>
        withFailure("jobs.recordStart", () => store.recordStart(id, attempt, engineJobId)),
      recordSlot: (id, attempt, hour) =>
        withFailure("jobs.recordSlot", () => store.recordSlot(id, attempt, hour)),
      hasBacklog: (route) => withFailure("jobs.hasBacklog", () => store.hasBacklog(route)),
      markBacklog: (route) => withFailure("jobs.markBacklog", () => store.markBacklog(route)),
      defer: (id, attempt, wait) => withFailure("jobs.defer", () => store.defer(id, attempt, wait)),
      takeHourlySlot: (hour, limit) =>
        withFailure("jobs.takeHourlySlot", () => store.takeHourlySlot(hour, limit)),
      markNotified: (id, attempt) => withFailure("jobs.markNotified", () => store.markNotified(id, attempt)),
      closeJob: (id, attempt, outcome) =>
        withFailure("jobs.closeJob", () => store.closeJob(id, attempt, outcome)),
    },
    sweeps: createDynamoSweepStore(database.client, localTableNames.jobs),
    objects: {
      head: ({ bucket, key, versionId }) =>
        withFailure("objects.head", () => {
          const id = `${bucket}/${key}`;
          if (removedKeys.has(id)) return undefined;
          const modifiedAt = "2026-11-21T03:00:00.000Z";
          return (
            heads.get(id) ?? { bucket, key, versionId, etag: '"e"', bytes: 1000, modifiedAt, metadata: {} }
          );
        }),
      listVersions: notImplemented,
      listVersionPages: (_, prefix, after) => listPages(versions, prefix, after),
      read: notImplemented,
      write: notImplemented,
      remove: notImplemented,
      removeVersions: notImplemented,
      list: notImplemented,
    },
    tasks: {
      run: (request) =>
        withFailure("tasks.run", () => {
          started.set(request.clientToken, request);
          return { taskId: `task/${request.clientToken}` };
        }),
      stop: async (task) => void stopped.push(task),
      describe: (taskIds) =>
        withFailure("tasks.describe", () =>
          taskIds.flatMap((task) => {
            const state = tasks.get(task);
            return state === undefined ? [] : [state];
          }),
        ),
    },
    taskStarts: {
      take: (name, rate) => withFailure("taskStarts.take", () => unlimitedTokens.take(name, rate)),
    },
    transcoder: {
      createJob: (request) =>
        withFailure("transcoder.createJob", () => {
          const token = `${request.userMetadata["reelway-job"]}-${request.userMetadata["reelway-attempt"]}`;
          created.set(token, request);
          return { id: `transcoder/${token}` };
        }),
      readJob: (id) => withFailure("transcoder.readJob", () => transcoderJobs.get(id)),
      cancelJob: async (id) => {
        canceled.push(id);
        return true;
      },
    },
    pipelineId: "1111111111111-reelwy",
    jobsTable: localTableNames.jobs,
    notifier: {
      publish: (_, notification) =>
        withFailure("notifier.publish", () => {
          published.push(notification);
        }),
    },
    topic: "topic",
    clock,
    log: { info: log, warn: log, error: log },
    wait: async (milliseconds) => {
      now += milliseconds;
    },
    metrics: { ...noMetrics, count: (name) => void counted.push(name) },
  };
  await registerRoutes({ ...ports, clock: { now: () => new Date("2026-10-01T00:00:00.000Z") } });
  return {
    ports,
    started,
    created,
    tasks,
    transcoderJobs,
    stopped,
    canceled,
    published,
    logged,
    counted,
    heads,
    removedKeys,
    versions,
    advanceClock: (seconds) => {
      now += seconds * 1000;
    },
    fail: (method, cause) => {
      failures.set(method, [...(failures.get(method) ?? []), cause]);
    },
    close: () => database.close(),
  };
};

/** One upload event. */
export const buildUploadEvent = (key: string, versionId = "v1") => ({
  bucket: "input",
  key,
  bytes: 1000,
  versionId,
  etag: "e",
  sequencer: "0A",
  modifiedAt: "2026-11-21T03:00:00.000Z",
});

/** The task of a job's attempt, stopped. */
export const buildStoppedTask = (
  id: string,
  attempt: number,
  change: Partial<TaskState> = {},
): TaskState => ({
  taskId: `task/${id}-${attempt}`,
  status: "Stopped",
  stopCode: "EssentialContainerExited",
  exitCode: 0,
  environment: { JOB_ID: id, JOB_TABLE: "reelway-jobs", JOB_ATTEMPT: String(attempt) },
  ...change,
});
