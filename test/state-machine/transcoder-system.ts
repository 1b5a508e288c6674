import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createDynamoSweepStore } from "../../adapters/aws/sweep-store.ts";
import { createTranscoder } from "../../adapters/aws/transcoder.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { localTableNames } from "../../adapters/local/database.ts";
import { noMetrics } from "../../adapters/local/metrics.ts";
import { unlimitedTokens } from "../../adapters/local/token-bucket.ts";
import { createTranscoderAttemptStore } from "../../docker/ffmpeg/attempt-store/transcoder-attempt-store.ts";
import { createJobEventsHandler } from "../../lambdas/job-events/close-jobs.ts";
import { createReconciler } from "../../lambdas/reconciler/reconcile.ts";
import { createRouter } from "../../lambdas/router/route-uploads.ts";
import { createTranscoderApi } from "../../lambdas/transcoder-api/app.ts";
import { createDispatcher } from "../../lambdas/transcoder-dispatcher/dispatch.ts";
import {
  createTranscoderEventsHandler,
  createTranscoderReconciler,
} from "../../lambdas/transcoder-events/close-transcoder-jobs.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { generateTranscoderJobId } from "../../pipeline/elastic-transcoder/api/ids.ts";
import { parseCreateJob } from "../../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { buildTranscoderJob } from "../../pipeline/elastic-transcoder/jobs/build-job.ts";
import type { TranscoderStore } from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { systemPresets } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import { cancelJob, retryJob } from "../../pipeline/jobs/operator.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import type { Notification } from "../../pipeline/ports/notifier.ts";
import type { Queue } from "../../pipeline/ports/queue.ts";
import configured from "../../reelway.config.ts";
import { keys, limits, pipeline, pipelineId } from "../lambdas/transcoder-api/service.ts";
import { createDeliveries } from "./deliveries.ts";
import { type FaultPlan, hasPendingFaults, withFaults } from "./faults.ts";
import { runOperatorAction } from "./operate.ts";
import { openSystemFixture, readOutputs, silentLog } from "./system-fixture.ts";
import { buildStoppedEvent, createTasks } from "./tasks.ts";
import { createInProcessClient } from "./transcoder-client.ts";

/** The owner of the transcoder job: an upload's Reelway job, or an API client. */
export type Caller = "reelway" | "client";

const configuration = parseConfiguration({ ...configured, limits: { maxJobsPerHour: 100_000 } });
const presets = new Map(systemPresets.map((preset) => [preset.Id, preset]));
const transcoderTopic = "transcoder-topic";

/** The ports of all parts of the transcoder chain. */
interface SystemPorts extends JobPorts {
  readonly store: TranscoderStore;
  readonly dispatcherQueue: Queue;
}

/** The transcoder chain up to the end of its upload, without ffmpeg, in this process. */
export const openTranscoderSystem = async () => {
  const system = await openSystemFixture();
  const { database, clock } = system;
  const jobStore = createDynamoJobStore(database.client, localTableNames.jobs, clock);
  const transcoderStore = createDynamoTranscoderStore(database.client, localTableNames.transcoder, clock);
  await transcoderStore.createPipeline({
    ...pipeline,
    Notifications: { Progressing: "", Completed: transcoderTopic, Warning: "", Error: transcoderTopic },
  });
  let runs = 0;

  const openRun = async (caller: Caller, plan: FaultPlan) => {
    runs += 1;
    const objects = system.newObjects();
    const key = `responses/${runs}.mp4`;
    const source = await objects.write(
      { bucket: "input", key },
      { text: "source" },
      { contentType: "video/mp4" },
    );
    const id = computeJobId({ bucket: "input", key, versionId: source.versionId }, "responses");
    const tasks = createTasks();
    const published: Notification[] = [];
    const transcoderMessages: Notification[] = [];
    const deliveries = createDeliveries();
    /** A handler of a message has the same faults as its sender. */
    const createPorts = (plan: FaultPlan | undefined): SystemPorts => {
      const watch = <Port extends object>(name: string, port: Port): Port =>
        plan === undefined ? port : withFaults(name, port, plan);
      const store = watch("store", transcoderStore);
      const dispatcherQueue = watch("queue", {
        send: async () => deliveries.push(() => createDispatcher(dispatching())()),
      });
      const api = createTranscoderApi({
        store,
        secrets: { readTranscoderKeys: async () => keys },
        dispatcherQueue,
        scope: { region: "us-east-1", account: "000000000000" },
        limits,
        // The client signs with its own time.
        clock: { now: () => new Date() },
        log: silentLog,
      });
      const ports: SystemPorts = {
        configuration,
        inputBucket: "input",
        outputBucket: "output",
        store,
        dispatcherQueue,
        jobs: watch("jobs", jobStore),
        sweeps: createDynamoSweepStore(database.client, localTableNames.jobs),
        objects: watch("objects", objects),
        tasks: watch("tasks", tasks.runner),
        taskStarts: unlimitedTokens,
        transcoder: watch("transcoder", createTranscoder(createInProcessClient(api))),
        pipelineId,
        jobsTable: localTableNames.jobs,
        notifier: watch("notifier", {
          async publish(topic: string, notification: Notification) {
            if (topic !== transcoderTopic) return void published.push(notification);
            transcoderMessages.push(notification);
            deliveries.push(() =>
              createJobEventsHandler(ports)({ Message: notification.message, TopicArn: topic }),
            );
          },
        }),
        topic: "topic",
        clock,
        log: silentLog,
        metrics: noMetrics,
      };
      const dispatching = () => ({
        ...ports,
        transcoderTable: localTableNames.transcoder,
        maxConcurrentJobs: 100,
        size: { cpu: 2048, memory: 4096 },
        retryBackoffSeconds: 0,
      });
      return ports;
    };
    const faultlessPorts = createPorts(undefined);
    const closing = (ports: SystemPorts) => ({
      ...ports,
      retryBackoffSeconds: 0,
      notificationGraceSeconds: 60,
    });
    const dispatch = (ports: SystemPorts) =>
      createDispatcher({
        ...closing(ports),
        transcoderTable: localTableNames.transcoder,
        maxConcurrentJobs: 100,
        size: { cpu: 2048, memory: 4096 },
      })();
    const worker =
      (ports: SystemPorts) =>
      (environment: Readonly<Record<string, string | undefined>>, stop: AbortSignal): Promise<number> => {
        const { JOB_ID = "", JOB_ATTEMPT } = environment;
        return system.runWorker(
          ports.objects,
          createTranscoderAttemptStore(ports.store, ports.jobs, JOB_ID, Number(JOB_ATTEMPT)),
          stop,
        );
      };
    const clientJob = buildTranscoderJob(
      parseCreateJob({
        PipelineId: pipelineId,
        Input: { Key: key },
        Outputs: [
          { Key: `${runs}.mp4`, PresetId: "1351620000001-100070", ThumbnailPattern: `${runs}-{count}` },
        ],
      }),
      {
        pipeline: (await transcoderStore.readPipeline(pipelineId)) ?? pipeline,
        presets,
        limits,
        now: clock.now().getTime(),
      },
    );
    const begin = async (ports: SystemPorts): Promise<unknown> => {
      if (caller === "client") {
        await transcoderStore.create(clientJob);
        return dispatch(ports);
      }
      return createRouter(ports)({
        "detail-type": "Object Created",
        source: "aws.s3",
        detail: {
          bucket: { name: "input" },
          object: { key, size: source.bytes, "version-id": source.versionId, sequencer: "0A" },
        },
      });
    };
    const runTasks = async (ports: SystemPorts): Promise<void> => {
      for (const state of await tasks.runPending(worker(ports)))
        deliveries.push(() => createTranscoderEventsHandler(closing(ports))(buildStoppedEvent(state)));
    };
    /** Of every attempt of the upload's job: their ids follow from it. */
    const ids =
      caller === "client"
        ? [clientJob.id]
        : [1, 2, 3, 4, 5, 6].map((attempt) =>
            generateTranscoderJobId(pipelineId, { "reelway-job": id, "reelway-attempt": String(attempt) }, 0),
          );
    const transcoderJobs = async () =>
      (await Promise.all(ids.map((jobId) => transcoderStore.read(jobId)))).flatMap((job) => job ?? []);
    const isQuiet = async (): Promise<boolean> => {
      if (!deliveries.isEmpty()) return false;
      const all = await transcoderJobs();
      if (!all.every(({ status, notifiedAt }) => isTerminal(status) && notifiedAt !== undefined))
        return false;
      if (caller === "client") return true;
      const job = await jobStore.read(id);
      return job !== undefined && isTerminal(job.status) && job.notifiedAt !== undefined;
    };
    const runSchedules = async (ports: SystemPorts): Promise<void> => {
      system.advanceClock(16 * 60);
      await createTranscoderReconciler(closing(ports))().catch(() => undefined);
      await dispatch(ports).catch(() => undefined);
      await createReconciler({ ...ports, wait: system.wait })().catch(() => undefined);
    };
    const deliverAndWork = async (ports: SystemPorts): Promise<void> => {
      for (let steps = 0; steps < 4; steps += 1) {
        await deliveries.deliver();
        await runTasks(ports);
      }
    };
    const runUntilQuiet = async (maxRounds = 20): Promise<void> => {
      for (let rounds = 0; rounds < maxRounds; rounds += 1) {
        await deliverAndWork(faultlessPorts);
        if (await isQuiet()) return;
        await runSchedules(faultlessPorts);
      }
    };
    return {
      caller,
      id,
      published,
      transcoderMessages,
      transcoderJobs,
      read: () => jobStore.read(id),
      async run(): Promise<void> {
        const ports = createPorts(plan);
        deliveries.push(() => begin(ports));
        await deliverAndWork(ports);
        if (hasPendingFaults(plan)) await runSchedules(ports);
        await runUntilQuiet();
      },
      others: {
        "the event comes again": async () => void (await begin(faultlessPorts)),
        async "its running task is taken for dead"() {
          for (const state of tasks.running()) {
            const crashedState = { ...state, stopCode: "EssentialContainerExited", exitCode: 137 };
            await createTranscoderEventsHandler(closing(faultlessPorts))(buildStoppedEvent(crashedState));
          }
          await runUntilQuiet();
        },
        "time passes": () => runUntilQuiet(3),
        "an operator cancels": () => runOperatorAction(cancelJob(faultlessPorts, id)),
        async "an operator cancels and retries"() {
          await runOperatorAction(cancelJob(faultlessPorts, id));
          await runOperatorAction(retryJob(faultlessPorts, id, { force: true }));
          await runUntilQuiet();
        },
      },
      outputs: () => readOutputs(objects),
      scratch: system.scratch,
    };
  };
  return {
    openRun,
    close: system.close,
  };
};
export type TranscoderRun = Awaited<ReturnType<Awaited<ReturnType<typeof openTranscoderSystem>>["openRun"]>>;
