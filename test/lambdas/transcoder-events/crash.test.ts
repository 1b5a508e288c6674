import { CreateJobCommand, ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import { unlimitedTokens } from "../../../adapters/local/token-bucket.ts";
import { createTranscoderApi } from "../../../lambdas/transcoder-api/app.ts";
import { createDispatcher } from "../../../lambdas/transcoder-dispatcher/dispatch.ts";
import {
  createTranscoderEventsHandler,
  createTranscoderReconciler,
} from "../../../lambdas/transcoder-events/close-transcoder-jobs.ts";
import { isTerminal } from "../../../pipeline/attempts/job-status.ts";
import type { TranscoderJob } from "../../../pipeline/elastic-transcoder/jobs/job.ts";
import type { Notification } from "../../../pipeline/ports/notifier.ts";
import type { TaskRunner } from "../../../pipeline/ports/task-runner.ts";
import type { TaskState } from "../../../pipeline/ports/task-state.ts";
import { type LocalServer, listen } from "../../../runtime/server/listen.ts";
import { keys, limits, pipelineId, type Service, startService } from "../transcoder-api/service.ts";

/** Where the process is killed: before or after one of its steps, counted from 1. */
interface Kill {
  readonly act: number;
  readonly when: "before" | "after";
}
type AsyncMethod = (...args: never[]) => Promise<unknown>;

/** Runs a process until it is killed; afterwards every step is rejected. */
const createKillableProcess = (kill?: Kill) => {
  let acts = 0;
  let isDead = false;
  const names: string[] = [];
  const killProcess = (): never => {
    isDead = true;
    throw new Error("killed");
  };
  return {
    /** Completed steps, in order. */
    names,
    isDead: () => isDead,
    /** The same port, with the named steps counted. */
    watch: <Port extends object>(port: Port, counted: readonly (keyof Port & string)[]): Port =>
      new Proxy(port, {
        get: (target, name) => {
          const act: unknown = Reflect.get(target, name);
          if (typeof act !== "function") return act;
          const countedName = counted.find((one) => one === name);
          return (...args: unknown[]) => {
            if (isDead) killProcess();
            if (countedName === undefined) return Reflect.apply(act, target, args);
            acts += 1;
            names.push(countedName);
            const killPoint = acts === kill?.act ? kill.when : undefined;
            if (killPoint === "before") killProcess();
            return Promise.resolve(Reflect.apply(act as AsyncMethod, target, args)).then((answer) =>
              killPoint === "after" ? killProcess() : answer,
            );
          };
        },
      }),
  };
};

describe("the transcoder chain, killed between any two steps", function () {
  this.timeout(180_000);
  let service: Service;
  let server: LocalServer;
  before(async () => {
    service = await startService();
    server = await listen(0);
    const topic = "arn:aws:sns:us-east-1:000000000000:jobs";
    await service.store.updatePipeline(pipelineId, (pipeline) => ({
      ...pipeline,
      Notifications: { Progressing: topic, Completed: topic, Warning: topic, Error: topic },
    }));
  });
  after(async () => {
    await server.close();
    await service.close();
  });

  /** One job with tasks that outlive the service, as on ECS. */
  const createJobFixture = (name: string) => {
    const tasks = new Map<string, TaskState>();
    const published: Notification[] = [];
    const runner: TaskRunner = {
      async run({ clientToken, environment }) {
        const taskId = `task-${clientToken}`;
        if (!tasks.has(taskId)) tasks.set(taskId, { taskId, status: "Running", environment });
        return { taskId };
      },
      stop: async () => undefined,
      describe: async (taskIds) => [...tasks.values()].filter(({ taskId }) => taskIds.includes(taskId)),
    };
    const create = async (): Promise<string | undefined> => {
      const client = new ElasticTranscoderClient({
        endpoint: `http://127.0.0.1:${server.port}`,
        region: "us-east-1",
        credentials: { accessKeyId: "FULLKEY", secretAccessKey: "full secret" },
        maxAttempts: 1,
      });
      const { Job } = await client.send(
        new CreateJobCommand({
          PipelineId: pipelineId,
          Input: { Key: `${name}.mov` },
          Outputs: [{ Key: `${name}.mp4`, PresetId: "1351620000001-100070" }],
          UserMetadata: { "reelway-job": name, "reelway-attempt": "1" },
        }),
      );
      return Job?.Id;
    };
    /** Runs the workers of all tasks to completion. */
    const runWorkers = async (): Promise<void> => {
      for (const state of tasks.values()) {
        if (state.status === "Stopped") continue;
        const id = state.environment.JOB_ID ?? "";
        if ((await service.store.begin(id, 1, state.taskId)) !== undefined)
          await service.store.recordReport(id, 1, state.taskId, {
            outputs: [{ key: `${name}.mp4`, bytes: 10, durationSeconds: 2, width: 320, height: 180 }],
            warnings: ["a line of the source was passed over"],
          });
        tasks.set(state.taskId, { ...state, status: "Stopped", exitCode: 0 });
      }
    };
    const buildStoppedEvent = (job: string) => ({
      "detail-type": "ECS Task State Change",
      detail: {
        taskArn: `task-${job}-1`,
        lastStatus: "STOPPED",
        stopCode: "EssentialContainerExited",
        containers: [{ exitCode: 0 }],
        overrides: {
          containerOverrides: [
            {
              environment: [
                { name: "JOB_ID", value: job },
                { name: "JOB_ATTEMPT", value: "1" },
              ],
            },
          ],
        },
      },
    });
    /** Runs the job in one life of the service: true if it was not killed. */
    const runChain = async (
      killable: ReturnType<typeof createKillableProcess>,
      isEventLost: boolean,
    ): Promise<boolean> => {
      const { clock, log, metrics } = service;
      const store = killable.watch(service.store, [
        "create",
        "recordTask",
        "closeJob",
        "scheduleNextAttempt",
        "markNotified",
        "markStartNotified",
      ]);
      const notifier = killable.watch(
        {
          publish: async (_topic: string, notification: Notification) => void published.push(notification),
        },
        ["publish"],
      );
      const dispatcherQueue = killable.watch({ send: async () => undefined }, ["send"]);
      const closingPorts = { store, notifier, clock, log, metrics, retryBackoffSeconds: 0 };
      const driven = killable.watch(runner, ["run"]);
      server.serve(
        createTranscoderApi({
          store,
          secrets: { readTranscoderKeys: async () => keys },
          dispatcherQueue,
          scope: { region: "us-east-1", account: "000000000000" },
          limits,
          clock,
          log,
        }),
      );
      try {
        const id = await create();
        await createDispatcher({
          ...closingPorts,
          tasks: driven,
          taskStarts: unlimitedTokens,
          transcoderTable: "transcoder",
          maxConcurrentJobs: 100,
          size: { cpu: 2048, memory: 4096 },
        })();
        await runWorkers();
        if (!isEventLost)
          await createTranscoderEventsHandler({ ...closingPorts, dispatcherQueue })(
            buildStoppedEvent(id ?? ""),
          );
        await createTranscoderReconciler({ ...closingPorts, tasks: driven, notificationGraceSeconds: 0 })();
        return !killable.isDead();
      } catch (cause) {
        if (killable.isDead()) return false;
        throw cause;
      }
    };
    const jobs = async (): Promise<readonly TranscoderJob[]> => {
      const all = await service.store.listByPipeline(pipelineId, { ascending: true, limit: 1000 });
      return all.entries.filter(({ inputKey }) => inputKey === `${name}.mov`);
    };
    return { runChain, runWorkers, jobs, published, tasks };
  };

  const acts = [
    "create",
    "send",
    "run",
    "recordTask",
    "publish",
    "markStartNotified",
    "closeJob",
    "publish",
    "publish",
    "markNotified",
    "send",
  ];

  it("performs these steps if it is not killed", async () => {
    const killable = createKillableProcess();
    expect(await createJobFixture("whole").runChain(killable, false)).to.equal(true);
    expect(killable.names).to.deep.equal(acts);
  });

  for (const [index, act] of acts.entries())
    for (const when of ["before", "after"] as const)
      for (const isEventLost of [false, true]) {
        // Without the task's event the reconciler closes the job, and the dispatcher is not woken.
        if (isEventLost && index === acts.length - 1) continue;
        it(`ends the job once and sends every notification, killed ${when} step ${index + 1}, ${act}${isEventLost ? ", its task's event lost" : ""}`, async () => {
          const fixture = createJobFixture(`${index}-${when}-${isEventLost}`);
          const survived = await fixture.runChain(
            createKillableProcess({ act: index + 1, when }),
            isEventLost,
          );
          expect(survived, "it was killed").to.equal(false);
          // The task continues without the service.
          await fixture.runWorkers();
          expect(await fixture.runChain(createKillableProcess(), isEventLost)).to.equal(true);

          const [job, ...others] = await fixture.jobs();
          expect(others).to.deep.equal([]);
          expect({ status: job?.status, attempt: job?.attempt, size: fixture.tasks.size }).to.deep.equal({
            status: "Complete",
            attempt: 1,
            size: 1,
          });
          expect(job?.history.filter(({ status }) => isTerminal(status))).to.have.length(1);
          expect(job?.notifiedAt).not.to.equal(undefined);
          expect([...new Set(fixture.published.map(({ id }) => id))]).to.deep.equal(
            ["PROGRESSING", "WARNING", "COMPLETED"].map((state) => `${job?.id}-1-${state}`),
          );
          for (const { id, message } of fixture.published)
            expect(message, "the same whenever it is sent").to.equal(
              fixture.published.find((first) => first.id === id)?.message,
            );
        });
      }
});
