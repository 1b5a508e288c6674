import { expect } from "chai";
import { unlimitedTokens } from "../../../adapters/local/token-bucket.ts";
import {
  createDispatcher,
  createDispatcherHandler,
} from "../../../lambdas/transcoder-dispatcher/dispatch.ts";
import {
  createTranscoderEventsHandler,
  createTranscoderReconciler,
} from "../../../lambdas/transcoder-events/close-transcoder-jobs.ts";
import { parseCreateJob } from "../../../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { buildTranscoderJob } from "../../../pipeline/elastic-transcoder/jobs/build-job.ts";
import type { TranscoderJob } from "../../../pipeline/elastic-transcoder/jobs/job.ts";
import { systemPresets } from "../../../pipeline/elastic-transcoder/presets/system-presets.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { TaskNotStarted, type TaskRequest, type TaskRunner } from "../../../pipeline/ports/task-runner.ts";
import type { TaskState } from "../../../pipeline/ports/task-state.ts";
import { limits, pipeline, pipelineId, type Service, startService } from "../transcoder-api/service.ts";

const presets = new Map(systemPresets.map((preset) => [preset.Id, preset]));

const buildStoppedEvent = (job: TranscoderJob, more: Record<string, unknown> = {}) => ({
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  detail: {
    taskArn: `task-${job.id}-${job.attempt}`,
    lastStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    containers: [{ exitCode: 0 }],
    overrides: {
      containerOverrides: [
        {
          environment: [
            { name: "JOB_ID", value: job.id },
            { name: "JOB_ATTEMPT", value: String(job.attempt) },
          ],
        },
      ],
    },
    ...more,
  },
});

describe("the transcoder chain", () => {
  let service: Service;
  let requests: TaskRequest[];
  let states: TaskState[];
  let refusal: TaskNotStarted | undefined;
  beforeEach(async () => {
    service = await startService();
    requests = [];
    states = [];
    refusal = undefined;
  });
  afterEach(() => service.close());

  const tasks: TaskRunner = {
    async run(request) {
      if (refusal !== undefined) throw refusal;
      requests.push(request);
      return { taskId: `task-${request.clientToken}` };
    },
    stop: async () => undefined,
    describe: async (names) => states.filter(({ taskId }) => names.includes(taskId)),
  };
  const ports = () => ({
    store: service.store,
    taskStarts: unlimitedTokens,
    notifier: service.notifier,
    dispatcherQueue: service.dispatcher,
    clock: service.clock,
    log: service.log,
    metrics: service.metrics,
    tasks,
    transcoderTable: "transcoder",
    maxConcurrentJobs: 2,
    size: { cpu: 2048, memory: 4096 },
    retryBackoffSeconds: 0,
  });
  let lastMs = 0;
  /** Jobs of the same millisecond have no order. */
  const nextMs = (): number => {
    lastMs = Math.max(Date.now(), lastMs + 1);
    return lastMs;
  };
  const create = (key: string): Promise<TranscoderJob> =>
    service.store.create(
      buildTranscoderJob(
        parseCreateJob({
          PipelineId: pipelineId,
          Input: { Key: key },
          Outputs: [{ Key: `${key}.mp4`, PresetId: "1351620000001-100070" }],
        }),
        { pipeline, presets, limits, now: nextMs() },
      ),
    );
  const output = { key: "a.mp4", bytes: 10, durationSeconds: 2, width: 320, height: 180 };

  it("starts the oldest jobs up to the pipeline's limit, and the next when one ends", async () => {
    const jobs = [await create("a"), await create("b"), await create("c")];
    const first = await createDispatcher(ports())();
    const [a] = jobs;
    if (a === undefined) throw new Error("no job");
    await service.store.begin(a.id, 1, "worker");
    await service.store.recordReport(a.id, 1, "worker", { outputs: [output], warnings: [] });
    await createTranscoderEventsHandler(ports())(buildStoppedEvent(a));
    const second = await createDispatcher(ports())();
    expect({ firstStarted: first.started, secondStarted: second.started }).to.deep.equal({
      firstStarted: 2,
      secondStarted: 1,
    });
    expect(requests.map(({ clientToken }) => clientToken)).to.deep.equal(jobs.map(({ id }) => `${id}-1`));
    expect(requests.map(({ size }) => size)).to.deep.equal(jobs.map(() => ({ cpu: 2048, memory: 4096 })));
    expect(service.dispatchRequests).to.have.length(1);
  });

  it("closes the jobs of queued messages and returns failed messages", async () => {
    const jobs = [await create("a"), await create("b")];
    await createDispatcher(ports())();
    const [first, second] = jobs;
    if (first === undefined || second === undefined) throw new Error("no job");
    const read = service.store.read;
    const store = {
      ...service.store,
      read: (id: string) => (id === first.id ? Promise.reject(new Error("throttled")) : read(id)),
    };
    const answer = await createTranscoderEventsHandler({ ...ports(), store })({
      Records: jobs.map((job, index) => ({
        eventSource: "aws:sqs",
        messageId: `m${index}`,
        body: JSON.stringify(buildStoppedEvent(job, { containers: [{ exitCode: 65 }] })),
      })),
    });
    expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier: "m0" }] });
    expect((await read(first.id))?.status).to.equal("Submitted");
    expect((await read(second.id))?.status).to.equal("Error");
    expect(service.dispatchRequests).to.have.length(1);
  });

  it("dispatches even if the scheduled reconciliation fails, then reports the failure", async () => {
    await create("a");
    const reconcile = () => Promise.reject(new Error("no table"));
    const act = createDispatcherHandler(createDispatcher(ports()), reconcile);
    expect(await act({ "detail-type": "Scheduled Event" }).catch(String)).to.equal("Error: no table");
    expect(requests).to.have.length(1);
  });

  it("reconciles other jobs if one fails", async () => {
    const jobs = [await create("a"), await create("b")];
    await createDispatcher(ports())();
    const describe = async ([task = ""]: readonly string[]) => {
      if (task.includes(jobs[0]?.id ?? "")) throw new Error("ECS fails");
      return [];
    };
    await createTranscoderReconciler({
      ...ports(),
      tasks: { ...tasks, describe },
      notificationGraceSeconds: 0,
    })();
    const after = await Promise.all(jobs.map(({ id }) => service.store.read(id)));
    expect(after.map((job) => job?.attempt)).to.deep.equal([1, 2]);
  });

  it("starts no job of a paused pipeline", async () => {
    await service.store.updatePipeline(pipelineId, (held) => ({ ...held, Status: "Paused" }));
    await create("a");
    expect(await createDispatcher(ports())()).to.deep.equal({ started: 0 });
  });

  it("keeps a job Submitted if capacity is missing, and ends it after a permanent failure", async () => {
    const job = await create("a");
    refusal = new TaskNotStarted("rate exceeded", "rate");
    await createDispatcher(ports())();
    const waiting = await service.store.read(job.id);
    refusal = new TaskNotStarted("too many characters", "invalid-request");
    await createDispatcher(ports())();
    const closedJob = await service.store.read(job.id);
    expect({ waitingStatus: waiting?.status, endedStatus: closedJob?.status }).to.deep.equal({
      waitingStatus: "Submitted",
      endedStatus: "Error",
    });
    expect(closedJob?.statusDetail).to.equal(`9000 ${job.id}: too many characters`);
    expect(service.counted).to.deep.equal(["TasksThrottled", "TranscoderJobsClosed", "TranscoderJobsFailed"]);
  });

  it("closes a job with its worker's report and notifies the pipeline's topic once", async () => {
    const job = await create("a");
    await createDispatcher(ports())();
    await service.store.begin(job.id, 1, "worker");
    await service.store.recordReport(job.id, 1, "worker", { outputs: [output], warnings: [] });
    const events = createTranscoderEventsHandler(ports());
    await events(buildStoppedEvent(job));
    await events(buildStoppedEvent(job));
    const closed = await service.store.read(job.id);
    expect(closed?.status).to.equal("Complete");
    expect(closed?.outputs[0]?.result).to.deep.equal(output);
    expect(service.published.map(({ topic }) => topic)).to.deep.equal(["completed-topic"]);
    const body = JSON.parse(service.published[0]?.notification.message ?? "{}");
    expect({
      state: body.state,
      jobId: body.jobId,
      status: body.outputs[0].status,
      duration: body.outputs[0].duration,
    }).to.deep.equal({ state: "COMPLETED", jobId: job.id, status: "Complete", duration: 2 });
  });

  it("retries a lost worker twice, then ends the job as Error", async () => {
    const job = await create("a");
    const events = createTranscoderEventsHandler(ports());
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await createDispatcher(ports())();
      await events(buildStoppedEvent({ ...job, attempt }, { containers: [{ exitCode: 137 }] }));
    }
    const closedJob = await service.store.read(job.id);
    expect({ status: closedJob?.status, attempt: closedJob?.attempt, length: requests.length }).to.deep.equal(
      {
        status: "Error",
        attempt: 3,
        length: 3,
      },
    );
    expect(service.published.map(({ topic }) => topic)).to.deep.equal(["error-topic"]);
  });

  it("counts no attempt for a worker that stopped with the runtime", async () => {
    const job = await create("a");
    const events = createTranscoderEventsHandler(ports());
    const cutOff = { stopCode: "RuntimeStopped", stoppedReason: "the runtime was stopped", containers: [{}] };
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await createDispatcher(ports())();
      await events(buildStoppedEvent({ ...job, attempt }, cutOff));
    }
    const open = await service.store.read(job.id);
    expect([open?.status, open?.attempt, open?.maxAttempts]).to.deep.equal(["Submitted", 5, 7]);
    for (let attempt = 5; attempt <= 7; attempt += 1) {
      await createDispatcher(ports())();
      await events(buildStoppedEvent({ ...job, attempt }, { containers: [{ exitCode: 137 }] }));
    }
    expect((await service.store.read(job.id))?.status).to.equal("Error");
  });

  it("ends a job with bad media at once, and ignores a late task", async () => {
    const job = await create("a");
    await createDispatcher(ports())();
    await service.store.begin(job.id, 1, "worker");
    const error = new JobFailure(4000, "a is no media.").toJobError();
    await service.store.recordReport(job.id, 1, "worker", { outputs: [], warnings: [], error });
    const events = createTranscoderEventsHandler(ports());
    await events(buildStoppedEvent(job));
    await events(buildStoppedEvent({ ...job, attempt: 2 }));
    await events({ "detail-type": "something else" });
    expect((await service.store.read(job.id))?.outputs[0]?.statusDetail).to.equal(
      `4000 ${job.id}: a is no media.`,
    );
  });

  it("closes a job whose task event was lost, and sends unmarked notifications", async () => {
    const [lostJob, done] = [await create("a"), await create("b")];
    await createDispatcher(ports())();
    await service.store.begin(done.id, 1, "worker");
    await service.store.recordReport(done.id, 1, "worker", { outputs: [output], warnings: [] });
    states = [{ taskId: `task-${done.id}-1`, status: "Stopped", exitCode: 0, environment: {} }];
    const broken = {
      ...ports(),
      notifier: { publish: () => Promise.reject(new Error("no topic")) },
    };
    await createTranscoderReconciler({ ...broken, notificationGraceSeconds: 0 })();
    expect(service.published).to.have.length(0);
    await createTranscoderReconciler({ ...ports(), notificationGraceSeconds: 3600 })();
    expect(service.published, "left to whoever has just closed it").to.have.length(0);
    await createTranscoderReconciler({ ...ports(), notificationGraceSeconds: 0 })();
    expect((await service.store.read(done.id))?.status).to.equal("Complete");
    expect((await service.store.read(lostJob.id))?.attempt).to.equal(2);
    expect(service.published).to.have.length(1);
  });
});
