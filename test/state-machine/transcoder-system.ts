import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createTranscoder } from "../../adapters/aws/transcoder.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { localTableNames } from "../../adapters/local/database.ts";
import { noMetrics } from "../../adapters/local/metrics.ts";
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
import { expectsFaults, type FaultPlan, withFaults } from "./faults.ts";
import { openMachine, readOutputs, silentLog } from "./machine.ts";
import { operate } from "./operate.ts";
import { createTasks, stoppedEvent } from "./tasks.ts";
import { createInProcessClient } from "./transcoder-client.ts";

/** Whose transcoder job it is: one of an upload's Reelway job, or an API client's own. */
export type Caller = "reelway" | "client";

const configuration = parseConfiguration({ ...configured, limits: { maxJobsPerHour: 100_000 } });
const presets = new Map(systemPresets.map((preset) => [preset.Id, preset]));
const transcoderTopic = "transcoder-topic";

/** The ports of everybody on the way of a transcoder job. */
interface Everybody extends JobPorts {
  readonly store: TranscoderStore;
  readonly dispatcherQueue: Queue;
}

/** Everything between a transcoder job and the end of the upload behind it but ffmpeg, in this process. */
export const openTranscoderSystem = async () => {
  const machine = await openMachine();
  const { database, clock } = machine;
  const jobStore = createDynamoJobStore(database.client, localTableNames.jobs, clock);
  const transcoderStore = createDynamoTranscoderStore(database.client, localTableNames.transcoder, clock);
  await transcoderStore.createPipeline({
    ...pipeline,
    Notifications: { Progressing: "", Completed: transcoderTopic, Warning: "", Error: transcoderTopic },
  });
  let runs = 0;

  const openRun = async (caller: Caller, plan: FaultPlan) => {
    runs += 1;
    const objects = machine.newObjects();
    const key = `responses/${runs}.mp4`;
    const source = await objects.write(
      { bucket: "input", key },
      { text: "source" },
      { contentType: "video/mp4" },
    );
    const id = computeJobId({ bucket: "input", key, versionId: source.versionId }, "responses");
    const tasks = createTasks();
    const published: Notification[] = [];
    const told: Notification[] = [];
    const deliveries = createDeliveries();
    /** Whoever is woken by a message is as faulty as whoever sent it. */
    const wire = (plan: FaultPlan | undefined): Everybody => {
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
      const ports: Everybody = {
        configuration,
        inputBucket: "input",
        outputBucket: "output",
        store,
        dispatcherQueue,
        jobs: watch("jobs", jobStore),
        objects: watch("objects", objects),
        tasks: watch("tasks", tasks.runner),
        transcoder: watch("transcoder", createTranscoder(createInProcessClient(api))),
        pipelineId,
        jobsTable: localTableNames.jobs,
        notifier: watch("notifier", {
          async publish(topic: string, notification: Notification) {
            if (topic !== transcoderTopic) return void published.push(notification);
            told.push(notification);
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
    const bare = wire(undefined);
    const closing = (ports: Everybody) => ({
      ...ports,
      retryBackoffSeconds: 0,
      notificationGraceSeconds: 60,
    });
    const dispatch = (ports: Everybody) =>
      createDispatcher({
        ...closing(ports),
        transcoderTable: localTableNames.transcoder,
        maxConcurrentJobs: 100,
        size: { cpu: 2048, memory: 4096 },
      })();
    const worker =
      (ports: Everybody) =>
      (environment: Readonly<Record<string, string | undefined>>, stop: AbortSignal): Promise<number> => {
        const { JOB_ID = "", JOB_ATTEMPT } = environment;
        return machine.runWorker(
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
    const begin = async (ports: Everybody): Promise<unknown> => {
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
    const runTasks = async (ports: Everybody): Promise<void> => {
      for (const state of await tasks.runPending(worker(ports)))
        deliveries.push(() => createTranscoderEventsHandler(closing(ports))(stoppedEvent(state)));
    };
    /** Of every attempt of the upload's job: their ids follow from it. */
    const ids =
      caller === "client"
        ? [clientJob.id]
        : [1, 2, 3, 4, 5, 6].map((attempt) =>
            generateTranscoderJobId(pipelineId, { "reelway-job": id, "reelway-attempt": String(attempt) }, 0),
          );
    const transcoderJobs = async () =>
      (await Promise.all(ids.map((own) => transcoderStore.read(own)))).flatMap((job) => job ?? []);
    const isQuiet = async (): Promise<boolean> => {
      if (!deliveries.isEmpty()) return false;
      const all = await transcoderJobs();
      if (!all.every(({ status, notifiedAt }) => isTerminal(status) && notifiedAt !== undefined))
        return false;
      if (caller === "client") return true;
      const job = await jobStore.read(id);
      return job !== undefined && isTerminal(job.status) && job.notifiedAt !== undefined;
    };
    const tidy = async (ports: Everybody): Promise<void> => {
      machine.pass(16 * 60);
      await createTranscoderReconciler(closing(ports))().catch(() => undefined);
      await dispatch(ports).catch(() => undefined);
      await createReconciler(ports)().catch(() => undefined);
    };
    const pass = async (ports: Everybody): Promise<void> => {
      for (let steps = 0; steps < 4; steps += 1) {
        await deliveries.deliver();
        await runTasks(ports);
      }
    };
    const calm = async (most = 20): Promise<void> => {
      for (let rounds = 0; rounds < most; rounds += 1) {
        await pass(bare);
        if (await isQuiet()) return;
        await tidy(bare);
      }
    };
    return {
      caller,
      id,
      published,
      told,
      transcoderJobs,
      read: () => jobStore.read(id),
      async live(): Promise<void> {
        const ports = wire(plan);
        deliveries.push(() => begin(ports));
        await pass(ports);
        if (expectsFaults(plan)) await tidy(ports);
        await calm();
      },
      others: {
        "the event comes again": async () => void (await begin(bare)),
        async "its running task is taken for dead"() {
          for (const state of tasks.running()) {
            const dead = { ...state, stopCode: "EssentialContainerExited", exitCode: 137 };
            await createTranscoderEventsHandler(closing(bare))(stoppedEvent(dead));
          }
          await calm();
        },
        "time passes": () => calm(3),
        "an operator cancels": () => operate(cancelJob(bare, id)),
        async "an operator cancels and retries"() {
          await operate(cancelJob(bare, id));
          await operate(retryJob(bare, id, { force: true }));
          await calm();
        },
      },
      outputs: () => readOutputs(objects),
      scratch: machine.scratch,
    };
  };
  return {
    openRun,
    close: machine.close,
  };
};
export type TranscoderRun = Awaited<ReturnType<Awaited<ReturnType<typeof openTranscoderSystem>>["openRun"]>>;
