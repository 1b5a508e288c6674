import { CreateJobCommand, ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
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

/** Where the process is killed: before or after one of its acts, counted from 1; undefined: nowhere. */
interface Kill {
  readonly act: number;
  readonly when: "before" | "after";
}
type Anything = (...given: never[]) => Promise<unknown>;

/** Lets a process act until it is killed; from then on nothing that it tries is done. */
const createLife = (kill?: Kill) => {
  let acts = 0;
  let dead = false;
  const names: string[] = [];
  const die = (): never => {
    dead = true;
    throw new Error("killed");
  };
  return {
    /** What was done, in order. */
    names,
    dead: () => dead,
    /** The same port, whose named acts count. */
    watch: <Port extends object>(port: Port, counted: readonly (keyof Port & string)[]): Port =>
      new Proxy(port, {
        get: (target, name) => {
          const act: unknown = Reflect.get(target, name);
          if (typeof act !== "function") return act;
          const known = counted.find((one) => one === name);
          return (...given: unknown[]) => {
            if (dead) die();
            if (known === undefined) return Reflect.apply(act, target, given);
            acts += 1;
            names.push(known);
            const own = acts === kill?.act ? kill.when : undefined;
            if (own === "before") die();
            return Promise.resolve(Reflect.apply(act as Anything, target, given)).then((answer) =>
              own === "after" ? die() : answer,
            );
          };
        },
      }),
  };
};

describe("the transcoder's chain, killed between any two of its steps", function () {
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

  /** One job in a world where tasks outlive the service, as on ECS. */
  const openWorld = (name: string) => {
    const tasks = new Map<string, TaskState>();
    const published: Notification[] = [];
    const runner: TaskRunner = {
      async run({ clientToken, environment }) {
        const taskId = `task-${clientToken}`;
        if (!tasks.has(taskId)) tasks.set(taskId, { taskId, status: "Running", environment });
        return { taskId };
      },
      stop: async () => undefined,
      describe: async (asked) => [...tasks.values()].filter(({ taskId }) => asked.includes(taskId)),
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
    /** The workers of all tasks, to their ends. */
    const work = async (): Promise<void> => {
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
    const stopped = (job: string) => ({
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
    /** The way of the job in one life of the service: true where it was not killed. */
    const live = async (life: ReturnType<typeof createLife>, eventLost: boolean): Promise<boolean> => {
      const { clock, log, metrics } = service;
      const store = life.watch(service.store, [
        "create",
        "recordTask",
        "closeJob",
        "scheduleNextAttempt",
        "markNotified",
        "markStartNotified",
      ]);
      const notifier = life.watch(
        {
          publish: async (_topic: string, notification: Notification) => void published.push(notification),
        },
        ["publish"],
      );
      const dispatcherQueue = life.watch({ send: async () => undefined }, ["send"]);
      const ends = { store, notifier, clock, log, metrics, retryBackoffSeconds: 0 };
      const driven = life.watch(runner, ["run"]);
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
          ...ends,
          tasks: driven,
          transcoderTable: "transcoder",
          maxConcurrentJobs: 100,
          size: { cpu: 2048, memory: 4096 },
        })();
        await work();
        if (!eventLost) await createTranscoderEventsHandler({ ...ends, dispatcherQueue })(stopped(id ?? ""));
        await createTranscoderReconciler({ ...ends, tasks: driven, notificationGraceSeconds: 0 })();
        return !life.dead();
      } catch (cause) {
        if (life.dead()) return false;
        throw cause;
      }
    };
    const jobs = async (): Promise<readonly TranscoderJob[]> => {
      const all = await service.store.listByPipeline(pipelineId, { ascending: true, limit: 1000 });
      return all.entries.filter(({ inputKey }) => inputKey === `${name}.mov`);
    };
    return { live, work, jobs, published, tasks };
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

  it("acts in these steps, where nobody kills it", async () => {
    const life = createLife();
    expect(await openWorld("whole").live(life, false)).to.equal(true);
    expect(life.names).to.deep.equal(acts);
  });

  for (const [index, act] of acts.entries())
    for (const when of ["before", "after"] as const)
      for (const eventLost of [false, true]) {
        // Without the task's event the reconciler closes the job, and nobody is kicked.
        if (eventLost && index === acts.length - 1) continue;
        it(`ends the job once and sends every message, killed ${when} step ${index + 1}, ${act}${eventLost ? ", its task's event lost" : ""}`, async () => {
          const world = openWorld(`${index}-${when}-${eventLost}`);
          const survived = await world.live(createLife({ act: index + 1, when }), eventLost);
          expect(survived, "it was killed").to.equal(false);
          // The task goes on without the service.
          await world.work();
          expect(await world.live(createLife(), eventLost)).to.equal(true);

          const [job, ...others] = await world.jobs();
          expect(others).to.deep.equal([]);
          expect({ status: job?.status, attempt: job?.attempt, size: world.tasks.size }).to.deep.equal({
            status: "Complete",
            attempt: 1,
            size: 1,
          });
          expect(job?.history.filter(({ status }) => isTerminal(status))).to.have.length(1);
          expect(job?.notifiedAt).not.to.equal(undefined);
          expect([...new Set(world.published.map(({ id }) => id))]).to.deep.equal(
            ["PROGRESSING", "WARNING", "COMPLETED"].map((state) => `${job?.id}-1-${state}`),
          );
          for (const { id, message } of world.published)
            expect(message, "the same whenever it is sent").to.equal(
              world.published.find((first) => first.id === id)?.message,
            );
        });
      }
});
