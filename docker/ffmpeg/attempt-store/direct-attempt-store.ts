import { isTerminal } from "../../../pipeline/attempts/job-status.ts";
import type { JobSource } from "../../../pipeline/attempts/source.ts";
import type { JobConfiguration } from "../../../pipeline/configuration/configuration.ts";
import type { DirectEnvironment } from "../../../pipeline/environment/worker.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptStore } from "../../../pipeline/jobs/attempt.ts";
import { buildJob, buildUnreadableJob } from "../../../pipeline/jobs/build-job.ts";
import { recordJobClosed } from "../../../pipeline/jobs/close-job.ts";
import { computeJobId } from "../../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import {
  buildReadRefusedFailure,
  headUpload,
  type SourceReader,
} from "../../../pipeline/jobs/source-access.ts";
import { takeSlot } from "../../../pipeline/jobs/start-job.ts";
import type { Clock } from "../../../pipeline/ports/clock.ts";
import { unquoteEtag } from "../../../pipeline/ports/etag.ts";
import type { Logger } from "../../../pipeline/ports/logger.ts";
import type { Metrics } from "../../../pipeline/ports/metrics.ts";
import type { ObjectHead, ObjectStore } from "../../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { isSafeInTemplate } from "../../../pipeline/routing/direct-match.ts";
import { matchRoute } from "../../../pipeline/routing/match.ts";
import type { Route } from "../../../pipeline/routing/route.ts";
import { withStoreFailures } from "../failures/failure.ts";
import { createJobAttemptStore } from "./job-attempt-store.ts";

export interface DirectPorts {
  readonly store: JobStore;
  readonly objects: ObjectStore;
  readonly configuration: JobConfiguration;
  /** Who reads the source; absent on one machine. */
  readonly reader?: SourceReader | undefined;
  readonly clock: Clock;
  /** ARN of the task, if known. */
  readonly taskArn?: string;
  readonly log: Logger;
  readonly metrics: Metrics;
}

const parseOptional = (text: string | undefined): string | undefined =>
  text === undefined || text === "" || text === "null" ? undefined : text;

/** The source as the event describes it. Its size is 0 until its metadata is read. */
const toJobSource = (environment: DirectEnvironment, head: ObjectHead | undefined): JobSource => {
  const versionId = parseOptional(environment.SOURCE_VERSION);
  const sequencer = parseOptional(environment.SOURCE_SEQUENCER);
  return {
    bucket: environment.SOURCE_BUCKET,
    key: environment.SOURCE_KEY,
    bytes: head?.bytes ?? 0,
    ...(head === undefined ? {} : { etag: unquoteEtag(head.etag), modifiedAt: head.modifiedAt }),
    ...(versionId === undefined ? {} : { versionId }),
    ...(sequencer === undefined ? {} : { sequencer }),
  };
};

/**
 * Creates the attempt store of a task that EventBridge started directly
 * (docs/decisions/0009-direct-eventbridge-routes.md). The worker creates the job with the same functions as the router,
 * and claims its first attempt unless another worker has.
 */
export const createDirectAttemptStore = (
  ports: DirectPorts,
  environment: DirectEnvironment,
): AttemptStore => {
  let attemptStore: AttemptStore | undefined;

  const findRoute = (): Route => {
    const route = ports.configuration.routes.find(({ name }) => name === environment.ROUTE);
    if (route === undefined)
      throw new JobFailure(
        1000,
        `Route "${environment.ROUTE}" is not in the worker's configuration. Deploy the routing and compute stacks again.`,
      );
    return route;
  };

  /** Records that the source cannot be read: an operator can retry the job. */
  const recordRefusal = async (route: Route, refusal: StoreFailure): Promise<undefined> => {
    const source = toJobSource(environment, undefined);
    if (source.versionId === undefined) {
      ports.log.warn("The source cannot be read; the sweep, which finds its ETag, creates the job", {
        key: source.key,
        error: refusal,
      });
      return undefined;
    }
    const id = computeJobId(source, route.name);
    const failure = buildReadRefusedFailure(source, id, refusal, ports.reader);
    const { claimed, job } = await ports.store.claim(
      buildUnreadableJob(route, source, failure, {
        configuration: ports.configuration,
        outputBucket: environment.OUTPUT_BUCKET,
        now: ports.clock.now().toISOString(),
      }),
    );
    if (claimed) recordJobClosed(ports, job);
    ports.log.warn("The source cannot be read", { jobId: job.id, error: refusal });
    return undefined;
  };

  return {
    async begin(workerId) {
      const { INPUT_BUCKET: inputBucket } = environment;
      if (inputBucket !== undefined && environment.SOURCE_BUCKET !== inputBucket) {
        ports.log.warn("Ignored an event from another bucket; check the bucket in the EventBridge rule", {
          bucket: environment.SOURCE_BUCKET,
          inputBucket,
          key: environment.SOURCE_KEY,
        });
        return undefined;
      }
      const route = findRoute();
      // Uploads without this route, and with a key that EventBridge may have changed, are left to the router.
      const match = matchRoute(ports.configuration, environment.SOURCE_KEY);
      if (match.kind !== "route" || match.route.name !== route.name) return undefined;
      if (!isSafeInTemplate(environment.SOURCE_KEY)) return undefined;
      const { SOURCE_BUCKET: bucket, SOURCE_KEY: key } = environment;
      const versionId = parseOptional(environment.SOURCE_VERSION);
      const reference = versionId === undefined ? { bucket, key } : { bucket, key, versionId };
      const head = await withStoreFailures("source", `Reading the metadata of ${key}`, () =>
        headUpload(ports.objects, reference),
      );
      if (head instanceof StoreFailure) return recordRefusal(route, head);
      if (head === undefined)
        throw new JobFailure(3001, `Object ${key} no longer exists in bucket ${bucket}.`);
      const source = toJobSource(environment, head);
      const id = computeJobId(source, route.name);
      const existingJob = await ports.store.read(id);
      const { claimed, job } =
        existingJob === undefined
          ? await ports.store.claim(
              buildJob(route, source, {
                configuration: ports.configuration,
                outputBucket: environment.OUTPUT_BUCKET,
                now: ports.clock.now().toISOString(),
                metadata: head.metadata,
              }),
            )
          : { claimed: false, job: existingJob };
      if (claimed && isTerminal(job.status)) recordJobClosed(ports, job);
      if (isTerminal(job.status) || job.attempt !== 1) return undefined;
      // Over the limit, this task ends, and the reconciler starts another one when the job's turn comes.
      if ((await takeSlot({ ...ports, jobs: ports.store }, job)) === "no-slot") return undefined;
      attemptStore = createJobAttemptStore(ports.store, id, 1);
      const specification = await attemptStore.begin(workerId);
      if (specification !== undefined && ports.taskArn !== undefined)
        await ports.store.recordStart(id, 1, ports.taskArn).catch((cause: unknown) => {
          // The worker still holds the attempt. Without the ARN, only the reconciler is slower to detect a stopped
          // task.
          ports.log.warn("Recording the task ARN failed", { error: cause });
        });
      return specification;
    },
    recordProgress: async (progress) => (await attemptStore?.recordProgress(progress)) ?? false,
    recordPhase: async (progress, probe) => (await attemptStore?.recordPhase(progress, probe)) ?? false,
    recordReport: async (report) => (await attemptStore?.recordReport(report)) ?? false,
    readReport: async () => attemptStore?.readReport(),
  };
};
