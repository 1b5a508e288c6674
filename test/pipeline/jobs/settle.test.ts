import { expect } from "chai";
import fc from "fast-check";
import { createJobEventsHandler } from "../../../lambdas/job-events/close-jobs.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { handleTaskStateChange, parseTaskAttempt } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { openWorld, stoppedTask, uploaded, type World } from "./world.ts";

const output = { key: "output/a.mkv/master.m3u8", bytes: 10 };

/** ECS's event of a job's task that has stopped. */
const taskEvent = (job: Job, container: Record<string, unknown>) => ({
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  detail: {
    taskArn: `task/${job.id}-1`,
    lastStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    containers: [container],
    overrides: {
      containerOverrides: [
        {
          environment: [
            { name: "JOB_ID", value: job.id },
            { name: "JOB_ATTEMPT", value: "1" },
          ],
        },
      ],
    },
  },
});

describe("settling jobs", () => {
  let world: World;
  const claimed = async (key: string): Promise<Job> => {
    const claim = await claimUpload(world.ports, uploaded(key), { triggers: "all" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    return claim.job;
  };
  const now = async (job: Job): Promise<Job> => {
    const read = await world.ports.jobs.read(job.id);
    if (read === undefined) throw new Error("gone");
    return read;
  };
  const report = async (job: Job, said: Partial<NonNullable<Job["report"]>> = {}, attempt = 1) => {
    await world.ports.jobs.begin(job.id, attempt, `w${attempt}`);
    await world.ports.jobs.recordReport(job.id, attempt, `w${attempt}`, {
      outputs: [output],
      warnings: [],
      ...said,
    });
  };

  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("completes a job by its worker's report, with one message", async () => {
    const job = await claimed("a.mkv");
    await report(job);
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1));
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1));
    const done = await now(job);
    expect({ status: done.status, outputs: done.outputs, percent: done.progress.percent }).to.eql({
      status: "Complete",
      outputs: [output],
      percent: 100,
    });
    expect(world.published.map(({ id, subject }) => [id, subject])).to.eql([
      [`${job.id}-1`, "Reelway: Complete"],
    ]);
    expect(JSON.parse(world.published[0]?.message ?? "")).to.include({ id: job.id, status: "Complete" });
  });

  it("is counted once, however many tell of a job's end", async () => {
    const job = await claimed("a.mkv");
    await report(job);
    await Promise.all([1, 2, 3].map(() => handleTaskStateChange(world.ports, stoppedTask(job.id, 1))));
    expect(world.counted).to.deep.equal(["JobsClosed"]);
  });

  it("counts a failed job as closed and as failed", async () => {
    const job = await claimed("a.mkv");
    const error = { code: 4002, name: "BrokenMedia", message: "cut short", retryable: false };
    await report(job, { outputs: [], error });
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { exitCode: 65 }));
    expect(world.counted).to.deep.equal(["JobsClosed", "JobsFailed"]);
  });

  it("takes the report before the way the task stopped", async () => {
    const job = await claimed("a.mkv");
    await report(job, { warnings: ["no sound"] });
    await handleTaskStateChange(
      world.ports,
      stoppedTask(job.id, 1, { exitCode: 143, stopCode: "SpotInterruption" }),
    );
    const done = await now(job);
    expect(done.status).to.equal("Complete");
    expect(done.history.at(-1)?.detail).to.include("no sound");
  });

  it("ends a job by its worker's error", async () => {
    const job = await claimed("a.mkv");
    const error = { code: 4000, name: "UnsupportedFormat", message: "no media", retryable: false };
    await report(job, { outputs: [], error });
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { exitCode: 65 }));
    expect([(await now(job)).status, (await now(job)).error]).to.eql(["Error", error]);
  });

  it("tries a passing fault again after 30 s, then 120 s, then ends", async () => {
    const job = await claimed("a.mkv");
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { exitCode: 75 }));
    const second = await now(job);
    expect([second.status, second.attempt, second.notBefore]).to.eql([
      "Submitted",
      2,
      "2026-11-21T03:00:30.000Z",
    ]);
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 2, { exitCode: 75 }));
    const third = await now(job);
    expect([third.attempt, third.notBefore]).to.eql([3, "2026-11-21T03:02:00.000Z"]);
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 3, { exitCode: 75 }));
    const ended = await now(job);
    expect({ status: ended.status, code: ended.error?.code, retryable: ended.error?.retryable }).to.eql({
      status: "Error",
      code: 9000,
      retryable: true,
    });
    expect(ended.error?.message).to.include("Gave up after 3 attempts.");
    expect(world.published.map(({ id }) => id)).to.eql([`${job.id}-3`]);
  });

  it("ends a worker that ran out of memory at once, naming the next size", async () => {
    const job = await claimed("a.mkv");
    await handleTaskStateChange(
      world.ports,
      stoppedTask(job.id, 1, { exitCode: 137, cpu: 2048, memory: 4096 }),
    );
    expect((await now(job)).error?.message).to.include(
      "Raise taskSizes.ladder in reelway.config.ts to { cpu: 2048, memory: 5120 }",
    );
  });

  it("lets a late attempt change nothing", async () => {
    const job = await claimed("a.mkv");
    await world.ports.jobs.scheduleNextAttempt(job.id, 1, "2026-11-21T03:00:30.000Z", "again");
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { exitCode: 65 }));
    expect([(await now(job)).status, (await now(job)).attempt]).to.eql(["Submitted", 2]);
  });

  it("lets a task change nothing that is not the recorded one", async () => {
    const job = await claimed("a.mkv");
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { exitCode: 1, taskId: "task/another" }));
    expect([(await now(job)).status, (await now(job)).attempt]).to.eql(["Submitted", 1]);
  });

  it("tries again where the worker ended well without a report", async () => {
    const job = await claimed("a.mkv");
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1));
    expect((await now(job)).attempt).to.equal(2);
    expect((await now(job)).history.at(-1)?.detail).to.include("without a report");
  });

  it("leaves a job to the worker that holds it where another of EventBridge's ends", async () => {
    const job = await claimed("images/a.png");
    const { engineJobId: _, ...rest } = await now(job);
    const jobs = { ...world.ports.jobs, read: async () => rest };
    await handleTaskStateChange({ ...world.ports, jobs }, stoppedTask(job.id, 1, { taskId: "task/direct" }));
    expect([(await now(job)).attempt, (await now(job)).status]).to.eql([1, "Submitted"]);
  });

  it("passes over tasks that run, other people's tasks and unknown jobs", async () => {
    const job = await claimed("a.mkv");
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { status: "Running" }));
    await handleTaskStateChange(world.ports, stoppedTask("1111111111111-abcdef", 1));
    await handleTaskStateChange(world.ports, stoppedTask("a".repeat(52), 1));
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { environment: {} }));
    expect([(await now(job)).attempt, (await now(job)).status]).to.eql([1, "Submitted"]);
    expect(
      world.logged.filter((line) => line.includes("job of a stopped task does not exist")),
    ).to.have.length(1);
  });

  it("knows the job of a task that EventBridge started", async () => {
    const job = await claimed("images/a.png");
    const environment = {
      ROUTE: "images",
      SOURCE_BUCKET: "input",
      SOURCE_KEY: "images/a.png",
      SOURCE_VERSION: "v1",
    };
    expect(parseTaskAttempt(environment)).to.eql({ id: job.id, attempt: 1 });
    expect(parseTaskAttempt({ ...environment, SOURCE_VERSION: "" })).to.equal(undefined);
  });

  describe("of the transcoder", () => {
    const notification = (job: Job, state: string, change: Record<string, unknown> = {}) => ({
      state,
      version: "2012-09-25",
      jobId: `transcoder/${job.id}-1`,
      pipelineId: "1111111111111-reelwy",
      outputs: [
        {
          id: "1",
          key: "output/web/a.mp4",
          status: "Complete",
          duration: 3,
          width: 320,
          height: 180,
          fileSize: 9,
        },
      ],
      userMetadata: { "reelway-job": job.id, "reelway-attempt": "1" },
      ...change,
    });
    const told = async (body: unknown) =>
      createJobEventsHandler(world.ports)({ Records: [{ Sns: { Message: JSON.stringify(body) } }] });

    it("notes that it works, then completes with its outputs", async () => {
      const job = await claimed("a.mp4");
      await told(notification(job, "PROGRESSING"));
      expect((await now(job)).status).to.equal("Progressing");
      await told(notification(job, "WARNING"));
      await told(notification(job, "COMPLETED"));
      const done = await now(job);
      expect(done.outputs).to.eql([
        { key: "output/web/a.mp4", bytes: 9, durationSeconds: 3, width: 320, height: 180 },
      ]);
      expect({ status: done.status, length: world.published.length }).to.eql({
        status: "Complete",
        length: 1,
      });
    });

    it("keeps what our own service tells besides", async () => {
      const job = await claimed("a.mp4");
      const output = { key: "a.mp4", duration: 3, durationMillis: 2960, fileSize: 77 };
      await told(
        notification(job, "COMPLETED", {
          outputKeyPrefix: "pre/",
          outputs: [{ ...output, videoCodec: "h264", audioCodec: "aac" }],
        }),
      );
      expect((await now(job)).outputs).to.eql([
        { key: "pre/a.mp4", bytes: 77, durationSeconds: 2.96, videoCodec: "h264", audioCodec: "aac" },
      ]);
    });

    const errors: readonly (readonly [Record<string, unknown>, unknown])[] = [
      [
        { errorCode: 3002, messageDetails: "exists", outputs: [] },
        { code: 3002, name: "OutputExists", message: "exists", retryable: false },
      ],
      [
        { outputs: [{ key: "k", status: "Error", statusDetail: "4000 not media" }] },
        { code: 4000, name: "UnsupportedFormat", message: "not media", retryable: false },
      ],
      [
        { outputs: [], messageDetails: "4105 captions" },
        { code: 4105, name: "TranscoderError", message: "captions", retryable: false },
      ],
      [
        { outputs: [] },
        {
          code: 9999,
          name: "UnknownError",
          message: "The transcoder returned no reason for the failure. See the transcoder job with ReadJob.",
          retryable: true,
        },
      ],
    ];
    for (const [change, error] of errors)
      it(`ends with ${JSON.stringify(error)}`, async () => {
        const job = await claimed("a.mp4");
        await told(notification(job, "ERROR", change));
        expect({ status: (await now(job)).status, error: (await now(job)).error }).to.eql({
          status: "Error",
          error,
        });
      });

    it("changes nothing for other attempts and other people's jobs", async () => {
      const job = await claimed("a.mp4");
      await told(
        notification(job, "ERROR", { userMetadata: { "reelway-job": job.id, "reelway-attempt": "2" } }),
      );
      await told(notification(job, "ERROR", { userMetadata: { "reelway-job": "mine" } }));
      await told(notification(job, "ERROR", { userMetadata: {}, jobId: "unknown" }));
      expect((await now(job)).status).to.equal("Submitted");
    });

    it("finds a job by its transcoder job where the metadata are lost", async () => {
      const job = await claimed("a.mp4");
      await told(notification(job, "COMPLETED", { userMetadata: {} }));
      expect((await now(job)).status).to.equal("Complete");
    });

    describe("in a queue", () => {
      const queued = (...contents: readonly unknown[]) => ({
        Records: contents.map((content, index) => ({
          eventSource: "aws:sqs",
          messageId: `m${index}`,
          body: typeof content === "string" ? content : JSON.stringify(content),
        })),
      });
      /** As SNS delivers it to a queue without raw delivery. */
      const enveloped = (content: unknown) => ({
        Type: "Notification",
        MessageId: "0",
        TopicArn: "arn:aws:sns:us-east-1:123456789012:transcoder",
        Subject: "subject",
        Message: JSON.stringify(content),
        Timestamp: "2026-11-21T03:00:00.000Z",
        SignatureVersion: "1",
      });

      it("closes jobs by SNS messages, raw or not, and by a task's state change", async () => {
        const jobs = [await claimed("a.mp4"), await claimed("b.mp4"), await claimed("c.mkv")] as const;
        const [a, b, c] = jobs;
        const answer = await createJobEventsHandler(world.ports)(
          queued(
            notification(a, "COMPLETED"),
            enveloped(notification(b, "COMPLETED")),
            taskEvent(c, { exitCode: 65 }),
          ),
        );
        const statuses = await Promise.all(jobs.map(async (job) => (await now(job)).status));
        expect({ statuses, answer }).to.eql({
          statuses: ["Complete", "Complete", "Error"],
          answer: { batchItemFailures: [] },
        });
      });

      it("gives back the message whose job cannot be read, and no other", async () => {
        const [a, b] = [await claimed("a.mp4"), await claimed("b.mp4")];
        world.fail("jobs.read", new Error("throttled"));
        const messages = queued(notification(a, "COMPLETED"), enveloped(notification(b, "COMPLETED")));
        expect(await createJobEventsHandler(world.ports)(messages)).to.eql({
          batchItemFailures: [{ itemIdentifier: "m0" }],
        });
        expect([(await now(a)).status, (await now(b)).status]).to.eql(["Submitted", "Complete"]);
      });

      it("passes over what others publish", async () => {
        expect(await createJobEventsHandler(world.ports)(queued("hello", enveloped("hello")))).to.eql({
          batchItemFailures: [],
        });
      });
    });

    it("logs an event it does not know", async () => {
      await createJobEventsHandler(world.ports)({ hello: 1 });
      expect(world.logged).to.eql([
        "Unexpected event: neither a task state change nor a transcoder notification",
      ]);
    });

    it("ends the same whatever the order of the events", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uuid(),
          fc.shuffledSubarray(["PROGRESSING", "COMPLETED", "WARNING", "PROGRESSING", "COMPLETED"], {
            minLength: 5,
          }),
          async (name, states) => {
            const job = await claimed(`${name}.mp4`);
            world.published.length = 0;
            for (const state of states) await told(notification(job, state));
            const done = await now(job);
            expect({
              status: done.status,
              outputsLength: done.outputs.length,
              publishedLength: world.published.length,
            }).to.eql({ status: "Complete", outputsLength: 1, publishedLength: 1 });
          },
        ),
        { numRuns: 20 },
      );
    });
  });
});
