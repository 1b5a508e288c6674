import { expect } from "chai";
import fc from "fast-check";
import { createJobEventsHandler } from "../../../lambdas/job-events/close-jobs.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { handleTaskStateChange, parseTaskAttempt } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { buildStoppedTask, buildUploadEvent, type JobFixture, openJobFixture } from "./job-fixture.ts";

const output = { key: "output/a.mkv/master.m3u8", bytes: 10 };

/** ECS's event of a job's stopped task. */
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

describe("closing jobs", () => {
  let fixture: JobFixture;
  const claimJob = async (key: string): Promise<Job> => {
    const claim = await claimUpload(fixture.ports, buildUploadEvent(key), { triggers: "all" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    return claim.job;
  };
  const readJob = async (job: Job): Promise<Job> => {
    const read = await fixture.ports.jobs.read(job.id);
    if (read === undefined) throw new Error("gone");
    return read;
  };
  const report = async (job: Job, changes: Partial<NonNullable<Job["report"]>> = {}, attempt = 1) => {
    await fixture.ports.jobs.begin(job.id, attempt, `w${attempt}`);
    await fixture.ports.jobs.recordReport(job.id, attempt, `w${attempt}`, {
      outputs: [output],
      warnings: [],
      ...changes,
    });
  };

  beforeEach(async () => {
    fixture = await openJobFixture();
  });
  afterEach(() => fixture.close());

  it("completes a job with its worker's report and one notification", async () => {
    const job = await claimJob("a.mkv");
    await report(job);
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1));
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1));
    const done = await readJob(job);
    expect({ status: done.status, outputs: done.outputs, percent: done.progress.percent }).to.eql({
      status: "Complete",
      outputs: [output],
      percent: 100,
    });
    expect(fixture.published.map(({ id, subject }) => [id, subject])).to.eql([
      [`${job.id}-1`, "Reelway: Complete"],
    ]);
    expect(JSON.parse(fixture.published[0]?.message ?? "")).to.include({ id: job.id, status: "Complete" });
  });

  it("counts a closed job once for concurrent events", async () => {
    const job = await claimJob("a.mkv");
    await report(job);
    await Promise.all([1, 2, 3].map(() => handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1))));
    expect(fixture.counted).to.deep.equal(["JobsClosed"]);
  });

  it("counts a failed job as closed and as failed", async () => {
    const job = await claimJob("a.mkv");
    const error = { code: 4002, name: "BrokenMedia", message: "cut short", retryable: false };
    await report(job, { outputs: [], error });
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1, { exitCode: 65 }));
    expect(fixture.counted).to.deep.equal(["JobsClosed", "JobsFailed"]);
  });

  it("prefers the report to the task's stop reason", async () => {
    const job = await claimJob("a.mkv");
    await report(job, { warnings: ["no sound"] });
    await handleTaskStateChange(
      fixture.ports,
      buildStoppedTask(job.id, 1, { exitCode: 143, stopCode: "SpotInterruption" }),
    );
    const done = await readJob(job);
    expect(done.status).to.equal("Complete");
    expect(done.history.at(-1)?.detail).to.include("no sound");
  });

  it("ends with the worker's error", async () => {
    const job = await claimJob("a.mkv");
    const error = { code: 4000, name: "UnsupportedFormat", message: "no media", retryable: false };
    await report(job, { outputs: [], error });
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1, { exitCode: 65 }));
    expect([(await readJob(job)).status, (await readJob(job)).error]).to.eql(["Error", error]);
  });

  it("retries a transient failure after 30 s, then 120 s, then fails", async () => {
    const job = await claimJob("a.mkv");
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1, { exitCode: 75 }));
    const second = await readJob(job);
    expect([second.status, second.attempt, second.notBefore]).to.eql([
      "Submitted",
      2,
      "2026-11-21T03:00:30.000Z",
    ]);
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 2, { exitCode: 75 }));
    const thirdAttempt = await readJob(job);
    expect([thirdAttempt.attempt, thirdAttempt.notBefore]).to.eql([3, "2026-11-21T03:02:00.000Z"]);
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 3, { exitCode: 75 }));
    const failed = await readJob(job);
    expect({ status: failed.status, code: failed.error?.code, retryable: failed.error?.retryable }).to.eql({
      status: "Error",
      code: 9000,
      retryable: true,
    });
    expect(failed.error?.message).to.include("Gave up after 3 attempts.");
    expect(fixture.published.map(({ id }) => id)).to.eql([`${job.id}-3`]);
  });

  it("ends a worker that ran out of memory at once, naming the next size", async () => {
    const job = await claimJob("a.mkv");
    await handleTaskStateChange(
      fixture.ports,
      buildStoppedTask(job.id, 1, { exitCode: 137, cpu: 2048, memory: 4096 }),
    );
    expect((await readJob(job)).error?.message).to.include(
      "Raise taskSizes.ladder in reelway.config.ts to { cpu: 2048, memory: 5120 }",
    );
  });

  it("ignores a late attempt", async () => {
    const job = await claimJob("a.mkv");
    await fixture.ports.jobs.scheduleNextAttempt(job.id, 1, "2026-11-21T03:00:30.000Z", "again");
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1, { exitCode: 65 }));
    expect([(await readJob(job)).status, (await readJob(job)).attempt]).to.eql(["Submitted", 2]);
  });

  it("ignores a task other than the recorded one", async () => {
    const job = await claimJob("a.mkv");
    await handleTaskStateChange(
      fixture.ports,
      buildStoppedTask(job.id, 1, { exitCode: 1, taskId: "task/another" }),
    );
    expect([(await readJob(job)).status, (await readJob(job)).attempt]).to.eql(["Submitted", 1]);
  });

  it("retries if the worker succeeded without a report", async () => {
    const job = await claimJob("a.mkv");
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1));
    expect((await readJob(job)).attempt).to.equal(2);
    expect((await readJob(job)).history.at(-1)?.detail).to.include("without a report");
  });

  it("ignores the end of another direct task while a worker holds the job", async () => {
    const job = await claimJob("images/a.png");
    const { engineJobId: _, ...rest } = await readJob(job);
    const jobs = { ...fixture.ports.jobs, read: async () => rest };
    await handleTaskStateChange(
      { ...fixture.ports, jobs },
      buildStoppedTask(job.id, 1, { taskId: "task/direct" }),
    );
    expect([(await readJob(job)).attempt, (await readJob(job)).status]).to.eql([1, "Submitted"]);
  });

  it("ignores running tasks, foreign tasks and unknown jobs", async () => {
    const job = await claimJob("a.mkv");
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1, { status: "Running" }));
    await handleTaskStateChange(fixture.ports, buildStoppedTask("1111111111111-abcdef", 1));
    await handleTaskStateChange(fixture.ports, buildStoppedTask("a".repeat(52), 1));
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1, { environment: {} }));
    expect([(await readJob(job)).attempt, (await readJob(job)).status]).to.eql([1, "Submitted"]);
    expect(fixture.logged.filter((line) => line.includes("has been deleted"))).to.have.length(1);
  });

  it("warns that the job of a directly started task does not exist", async () => {
    const environment = {
      ROUTE: "images",
      SOURCE_BUCKET: "input",
      SOURCE_KEY: "images/a.png",
      SOURCE_VERSION: "v1",
    };
    await handleTaskStateChange(fixture.ports, buildStoppedTask("a".repeat(52), 1, { environment }));
    expect(fixture.logged.filter((line) => line.includes("the sweep claims its upload"))).to.have.length(1);
  });

  it("finds the job of a directly started task", async () => {
    const job = await claimJob("images/a.png");
    const environment = {
      ROUTE: "images",
      SOURCE_BUCKET: "input",
      SOURCE_KEY: "images/a.png",
      SOURCE_VERSION: "v1",
    };
    expect(parseTaskAttempt(environment)).to.eql({ id: job.id, attempt: 1 });
    expect(parseTaskAttempt({ ...environment, SOURCE_VERSION: "" })).to.equal(undefined);
  });

  describe("for the transcoder", () => {
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
    const handleNotification = async (body: unknown) =>
      createJobEventsHandler(fixture.ports)({ Records: [{ Sns: { Message: JSON.stringify(body) } }] });

    it("records progress, then completes with outputs", async () => {
      const job = await claimJob("a.mp4");
      await handleNotification(notification(job, "PROGRESSING"));
      expect((await readJob(job)).status).to.equal("Progressing");
      await handleNotification(notification(job, "WARNING"));
      await handleNotification(notification(job, "COMPLETED"));
      const done = await readJob(job);
      expect(done.outputs).to.eql([
        { key: "output/web/a.mp4", bytes: 9, durationSeconds: 3, width: 320, height: 180 },
      ]);
      expect({ status: done.status, length: fixture.published.length }).to.eql({
        status: "Complete",
        length: 1,
      });
    });

    it("keeps additional fields of our own service", async () => {
      const job = await claimJob("a.mp4");
      const output = { key: "a.mp4", duration: 3, durationMillis: 2960, fileSize: 77 };
      await handleNotification(
        notification(job, "COMPLETED", {
          outputKeyPrefix: "pre/",
          outputs: [{ ...output, videoCodec: "h264", audioCodec: "aac" }],
        }),
      );
      expect((await readJob(job)).outputs).to.eql([
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
        {
          outputs: [{ key: "k", status: "Error", statusDetail: "4002 1416573018213-6g5ofk: It is cut off." }],
        },
        { code: 4002, name: "BrokenMedia", message: "It is cut off.", retryable: false },
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
        const job = await claimJob("a.mp4");
        await handleNotification(notification(job, "ERROR", change));
        expect({ status: (await readJob(job)).status, error: (await readJob(job)).error }).to.eql({
          status: "Error",
          error,
        });
      });

    it("ignores other attempts and foreign jobs", async () => {
      const job = await claimJob("a.mp4");
      await handleNotification(
        notification(job, "ERROR", { userMetadata: { "reelway-job": job.id, "reelway-attempt": "2" } }),
      );
      await handleNotification(notification(job, "ERROR", { userMetadata: { "reelway-job": "mine" } }));
      await handleNotification(notification(job, "ERROR", { userMetadata: {}, jobId: "unknown" }));
      expect((await readJob(job)).status).to.equal("Submitted");
    });

    it("finds a job by its transcoder job if the metadata is lost", async () => {
      const job = await claimJob("a.mp4");
      await handleNotification(notification(job, "COMPLETED", { userMetadata: {} }));
      expect((await readJob(job)).status).to.equal("Complete");
    });

    describe("from a queue", () => {
      const buildQueueEvent = (...contents: readonly unknown[]) => ({
        Records: contents.map((content, index) => ({
          eventSource: "aws:sqs",
          messageId: `m${index}`,
          body: typeof content === "string" ? content : JSON.stringify(content),
        })),
      });
      /** As SNS delivers it to a queue without raw delivery. */
      const buildSnsEnvelope = (content: unknown) => ({
        Type: "Notification",
        MessageId: "0",
        TopicArn: "arn:aws:sns:us-east-1:123456789012:transcoder",
        Subject: "subject",
        Message: JSON.stringify(content),
        Timestamp: "2026-11-21T03:00:00.000Z",
        SignatureVersion: "1",
      });

      it("closes jobs by SNS messages, raw or not, and by task state changes", async () => {
        const jobs = [await claimJob("a.mp4"), await claimJob("b.mp4"), await claimJob("c.mkv")] as const;
        const [a, b, c] = jobs;
        const answer = await createJobEventsHandler(fixture.ports)(
          buildQueueEvent(
            notification(a, "COMPLETED"),
            buildSnsEnvelope(notification(b, "COMPLETED")),
            taskEvent(c, { exitCode: 65 }),
          ),
        );
        const statuses = await Promise.all(jobs.map(async (job) => (await readJob(job)).status));
        expect({ statuses, answer }).to.eql({
          statuses: ["Complete", "Complete", "Error"],
          answer: { batchItemFailures: [] },
        });
      });

      it("returns only the message whose job cannot be read", async () => {
        const [a, b] = [await claimJob("a.mp4"), await claimJob("b.mp4")];
        fixture.fail("jobs.read", new Error("throttled"));
        const messages = buildQueueEvent(
          notification(a, "COMPLETED"),
          buildSnsEnvelope(notification(b, "COMPLETED")),
        );
        expect(await createJobEventsHandler(fixture.ports)(messages)).to.eql({
          batchItemFailures: [{ itemIdentifier: "m0" }],
        });
        expect([(await readJob(a)).status, (await readJob(b)).status]).to.eql(["Submitted", "Complete"]);
      });

      it("ignores foreign publications", async () => {
        expect(
          await createJobEventsHandler(fixture.ports)(buildQueueEvent("hello", buildSnsEnvelope("hello"))),
        ).to.eql({
          batchItemFailures: [],
        });
      });
    });

    it("logs an unknown event", async () => {
      await createJobEventsHandler(fixture.ports)({ hello: 1 });
      expect(fixture.logged).to.eql([
        "Unexpected event: neither a task state change nor a transcoder notification",
      ]);
    });

    it("has the same result for any order of events", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uuid(),
          fc.shuffledSubarray(["PROGRESSING", "COMPLETED", "WARNING", "PROGRESSING", "COMPLETED"], {
            minLength: 5,
          }),
          async (name, states) => {
            const job = await claimJob(`${name}.mp4`);
            fixture.published.length = 0;
            for (const state of states) await handleNotification(notification(job, state));
            const done = await readJob(job);
            expect({
              status: done.status,
              outputsLength: done.outputs.length,
              publishedLength: fixture.published.length,
            }).to.eql({ status: "Complete", outputsLength: 1, publishedLength: 1 });
          },
        ),
        { numRuns: 20 },
      );
    });
  });
});
