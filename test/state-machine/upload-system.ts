import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createDynamoSweepStore } from "../../adapters/aws/sweep-store.ts";
import { localTableNames } from "../../adapters/local/database.ts";
import { noMetrics } from "../../adapters/local/metrics.ts";
import { unlimitedTokens } from "../../adapters/local/token-bucket.ts";
import { createDirectAttemptStore } from "../../docker/ffmpeg/attempt-store/direct-attempt-store.ts";
import { createJobAttemptStore } from "../../docker/ffmpeg/attempt-store/job-attempt-store.ts";
import { createJobEventsHandler } from "../../lambdas/job-events/close-jobs.ts";
import { createReconciler } from "../../lambdas/reconciler/reconcile.ts";
import { createRouter } from "../../lambdas/router/route-uploads.ts";
import { createSweep } from "../../lambdas/sweep/sweep.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { directEnvironment } from "../../pipeline/environment/worker.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import type { JobStore } from "../../pipeline/jobs/job-store.ts";
import { cancelJob, retryJob } from "../../pipeline/jobs/operator.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import { registerRoutes } from "../../pipeline/jobs/route-registry.ts";
import type { Notification } from "../../pipeline/ports/notifier.ts";
import configured from "../../reelway.config.ts";
import { createDeliveries } from "./deliveries.ts";
import { type FaultPlan, hasPendingFaults, withFaults } from "./faults.ts";
import { runOperatorAction } from "./operate.ts";
import { openSystemFixture, readOutputs, silentLog } from "./system-fixture.ts";
import { buildStoppedEvent, createTasks } from "./tasks.ts";

/** Who starts the worker of an upload. */
export type Trigger = "lambda" | "eventbridge";

const routes = (["lambda", "eventbridge"] as const).map((trigger) => ({
  name: `frames-${trigger}`,
  prefix: `frames-${trigger}/`,
  extensions: ["mov"],
  engine: "ffmpeg" as const,
  ...(trigger === "eventbridge" ? { trigger } : {}),
  recipe: { name: "frames" as const, everySeconds: 1, format: "png" as const },
  outputs: ["frames/{path}{name}.{ext}/"],
}));
const configuration = parseConfiguration({ ...configured, routes, limits: { maxJobsPerHour: 100_000 } });

/**
 * Everything from an upload to the end of its job, without ffmpeg: the real handlers and stores, in this
 * process.
 */
export const openUploadSystem = async () => {
  const system = await openSystemFixture();
  const { database, clock } = system;
  const store = createDynamoJobStore(database.client, localTableNames.jobs, clock);
  const sweeps = createDynamoSweepStore(database.client, localTableNames.jobs);
  // As after a deployment: the uploads come later.
  await registerRoutes({ configuration, inputBucket: "input", sweeps, clock });
  let uploads = 0;

  /**
   * The way of one upload.
   *
   * @param options `denyReports`: the record takes every report and answers that it did not
   */
  const openRun = async (
    trigger: Trigger,
    plan: FaultPlan,
    { denyReports = false }: { readonly denyReports?: boolean } = {},
  ) => {
    uploads += 1;
    const objects = system.newObjects();
    const key = `frames-${trigger}/${uploads}.mov`;
    const source = await objects.write(
      { bucket: "input", key },
      { text: "source" },
      { contentType: "video/mp4" },
    );
    const id = computeJobId({ bucket: "input", key, versionId: source.versionId }, `frames-${trigger}`);
    const tasks = createTasks();
    const published: Notification[] = [];
    const deliveries = createDeliveries();
    const reportingJobs: JobStore = denyReports
      ? { ...store, recordReport: async (...args) => !(await store.recordReport(...args)) }
      : store;
    const bare: JobPorts = {
      configuration,
      inputBucket: "input",
      outputBucket: "output",
      jobs: reportingJobs,
      sweeps,
      objects,
      tasks: tasks.runner,
      taskStarts: unlimitedTokens,
      transcoder: {
        createJob: () => Promise.reject(new Error("not a part of these tests")),
        readJob: async () => undefined,
        cancelJob: async () => false,
      },
      pipelineId: "1111111111111-reelwy",
      jobsTable: localTableNames.jobs,
      notifier: { publish: async (_, notification) => void published.push(notification) },
      topic: "topic",
      clock,
      log: silentLog,
      metrics: noMetrics,
    };
    const faulty = (): JobPorts => ({
      ...bare,
      jobs: withFaults("jobs", reportingJobs, plan),
      sweeps: withFaults("sweeps", sweeps, plan),
      objects: withFaults("objects", objects, plan),
      tasks: withFaults("tasks", tasks.runner, plan),
      notifier: withFaults("notifier", bare.notifier, plan),
    });

    const worker =
      (ports: JobPorts) =>
      (environment: Readonly<Record<string, string | undefined>>, stop: AbortSignal): Promise<number> => {
        const { jobs } = ports;
        const openAttemptStore =
          environment.JOB_ID === undefined
            ? createDirectAttemptStore(
                { ...ports, store: jobs, taskArn: `task/direct-${id}` },
                directEnvironment.parse(environment),
              )
            : createJobAttemptStore(jobs, environment.JOB_ID, Number(environment.JOB_ATTEMPT));
        return system.runWorker(ports.objects, openAttemptStore, stop);
      };

    const event = {
      "detail-type": "Object Created",
      source: "aws.s3",
      detail: {
        bucket: { name: "input" },
        object: { key, size: source.bytes, "version-id": source.versionId, sequencer: "0A" },
      },
    };
    /** Sends the upload's event to the router, or to the rule that starts the worker directly. */
    const deliverUpload = async (ports: JobPorts): Promise<void> => {
      if (trigger === "lambda") return void (await createRouter(ports)(event));
      await tasks.runner.run({
        clientToken: `direct-${id}`,
        size: { cpu: 256, memory: 512 },
        environment: {
          ROUTE: `frames-${trigger}`,
          SOURCE_BUCKET: "input",
          SOURCE_KEY: key,
          SOURCE_VERSION: source.versionId ?? "",
          SOURCE_SEQUENCER: "0A",
          OUTPUT_BUCKET: "output",
          INPUT_BUCKET: "input",
        },
      });
    };
    const runTasks = async (ports: JobPorts): Promise<void> => {
      for (const state of await tasks.runPending(worker(ports)))
        deliveries.push(() => createJobEventsHandler(ports)(buildStoppedEvent(state)));
    };
    const isQuiet = (job: Job | undefined): boolean =>
      job !== undefined &&
      isTerminal(job.status) &&
      job.notifiedAt !== undefined &&
      deliveries.isEmpty() &&
      [...tasks.states.values()].every(({ status }) => status !== "Pending");
    /** Advances the clock and runs the schedules. */
    const runSchedules = async (ports: JobPorts): Promise<void> => {
      system.advanceClock(16 * 60);
      await createReconciler({ ...ports, wait: system.wait })().catch(() => undefined);
      await createSweep(ports)().catch(() => undefined);
    };
    /** Runs all parts without faults until nothing is left to do. */
    const runUntilQuiet = async (maxRounds = 20): Promise<void> => {
      for (let rounds = 0; rounds < maxRounds; rounds += 1) {
        await deliveries.deliver();
        await runTasks(bare);
        await deliveries.deliver();
        if (isQuiet(await store.read(id))) return;
        await runSchedules(bare);
      }
    };
    return {
      id,
      key,
      published,
      read: () => store.read(id),
      calm: runUntilQuiet,
      /** Runs the upload with the plan's faults, then without faults until the system is quiet. */
      async run(): Promise<void> {
        const ports = faulty();
        deliveries.push(() => deliverUpload(ports));
        await deliveries.deliver();
        await runTasks(ports);
        await deliveries.deliver();
        if (hasPendingFaults(plan)) await runSchedules(ports);
        await runUntilQuiet();
      },
      /** What others may do before a response arrives. */
      others: {
        "the event comes again": () => deliverUpload(bare),
        "time passes": () => runUntilQuiet(3),
        async "its running task is taken for dead"() {
          for (const state of tasks.running()) {
            const crashedState = { ...state, stopCode: "EssentialContainerExited", exitCode: 137 };
            await createJobEventsHandler(bare)(buildStoppedEvent(crashedState));
          }
          await runUntilQuiet();
        },
        "an operator cancels": () => runOperatorAction(cancelJob(bare, id)),
        async "an operator cancels and retries"() {
          await runOperatorAction(cancelJob(bare, id));
          await runOperatorAction(retryJob(bare, id, { force: true }));
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
export type UploadSystem = Awaited<ReturnType<typeof openUploadSystem>>;
export type UploadRun = Awaited<ReturnType<UploadSystem["openRun"]>>;
