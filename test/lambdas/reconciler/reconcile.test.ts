import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { TaskNotStarted } from "../../../pipeline/ports/task-runner.ts";
import {
  buildStoppedTask,
  buildUploadEvent,
  type JobFixture,
  openJobFixture,
} from "../../pipeline/jobs/job-fixture.ts";

const noActions = { started: 0, reconciled: 0, resent: 0, failed: 0 };

describe("the reconciler", () => {
  let fixture: JobFixture;
  const reconcile = () => createReconciler(fixture.ports)();
  const claimJob = async (key: string): Promise<Job> => {
    await claimUpload(fixture.ports, buildUploadEvent(key), { triggers: "all" }).catch(() => undefined);
    const [job] = await fixture.ports.jobs.findBySource("input", key);
    if (job === undefined) throw new Error("no job");
    return job;
  };
  const claimUnstartedJob = (key: string) => {
    fixture.fail("jobs.hasBacklog", new Error("crash"));
    return claimJob(key);
  };
  const readJob = async (job: Job): Promise<Job> => {
    const read = await fixture.ports.jobs.read(job.id);
    if (read === undefined) throw new Error("gone");
    return read;
  };

  beforeEach(async () => {
    fixture = await openJobFixture();
  });
  afterEach(() => fixture.close());

  it("ignores young and healthy jobs", async () => {
    await claimJob("a.mkv");
    await claimUnstartedJob("b.mkv");
    expect(await reconcile()).to.eql(noActions);
  });

  it("starts a retried attempt when it is due", async () => {
    const job = await claimJob("a.mkv");
    await fixture.ports.jobs.scheduleNextAttempt(job.id, 1, "2026-11-21T03:00:30.000Z", "again");
    fixture.advanceClock(29);
    expect((await reconcile()).started).to.equal(0);
    fixture.advanceClock(1);
    expect((await reconcile()).started).to.equal(1);
    expect((await readJob(job)).engineJobId).to.equal(`task/${job.id}-2`);
  });

  it("reports a failed start and retries it", async () => {
    await claimUnstartedJob("a.mkv");
    fixture.advanceClock(61);
    fixture.fail("jobs.recordStart", new Error("crash"));
    expect(await reconcile()).to.eql({ ...noActions, failed: 1 });
    fixture.advanceClock(61);
    expect((await reconcile()).started).to.equal(1);
  });

  for (const refusal of ["rate", "capacity", "definition", "permission"] as const)
    it(`starts no other job after a refusal of the ${refusal}, and the oldest first in a later run`, async () => {
      const jobs = [await claimUnstartedJob("a.mkv"), await claimUnstartedJob("b.mkv")];
      fixture.advanceClock(61);
      fixture.fail("tasks.run", new TaskNotStarted("refused", refusal));
      expect(await reconcile()).to.eql(noActions);
      expect(fixture.started.size).to.equal(0);
      expect((await Promise.all(jobs.map(readJob))).map(({ deferral }) => deferral?.cause)).to.eql([
        refusal,
        undefined,
      ]);
      fixture.advanceClock(60);
      expect((await reconcile()).started).to.equal(2);
      expect([...fixture.started.keys()]).to.eql(jobs.map(({ id }) => `${id}-1`));
    });

  it("starts the other jobs after a refusal that concerns one job", async () => {
    const jobs = [await claimUnstartedJob("a.mkv"), await claimUnstartedJob("b.mkv")];
    fixture.advanceClock(61);
    fixture.fail("tasks.run", new TaskNotStarted("odd", "unknown"));
    expect((await reconcile()).started).to.equal(1);
    expect([...fixture.started.keys()]).to.eql([`${jobs[1]?.id}-1`]);
  });

  it("waits for the rate of starts, as long as the run has time", async () => {
    await claimUnstartedJob("a.mkv");
    fixture.advanceClock(61);
    const waits = [300, 44_000, 0];
    const taskStarts = { take: async () => waits.shift() ?? 0 };
    expect((await createReconciler({ ...fixture.ports, taskStarts })()).started).to.equal(1);
    await claimUnstartedJob("b.mkv");
    fixture.advanceClock(61);
    waits.push(300, 44_800, 0);
    expect(await createReconciler({ ...fixture.ports, taskStarts })()).to.eql(noActions);
  });

  it("fails a job whose start AWS refused for 72 hours, and says what to raise", async () => {
    const job = await claimUnstartedJob("a.mkv");
    const refusal = new TaskNotStarted("ECS could not start a task: RESOURCE:CPU.", "capacity");
    for (let hours = 0; hours < 72; hours += 1) {
      fixture.advanceClock(3600);
      fixture.fail("tasks.run", refusal);
      await reconcile();
      expect((await readJob(job)).status, `after ${hours + 1} hours`).to.equal("Submitted");
    }
    fixture.advanceClock(3600);
    fixture.fail("tasks.run", refusal);
    await reconcile();
    const closedJob = await readJob(job);
    expect([closedJob.status, closedJob.error?.code, closedJob.error?.retryable]).to.eql([
      "Error",
      1001,
      true,
    ]);
    expect(closedJob.error?.message).to.equal(
      "AWS refused to start the job for 72 hours. ECS could not start a task: RESOURCE:CPU. Raise the quota of Fargate vCPUs in Service Quotas, or lower the recipe's size in taskSizes, and deploy. Check the stage with npx reelway doctor --stage STAGE, then retry the job: npx reelway retry ID, on AWS with --stage STAGE.",
    );
    expect({ size: fixture.started.size, length: fixture.published.length }).to.eql({ size: 0, length: 1 });
    expect(fixture.counted.filter((name) => name === "JobsExpired")).to.have.length(1);
  });

  it("closes a job whose task stopped without an event", async () => {
    const job = await claimJob("a.mkv");
    fixture.tasks.set(`task/${job.id}-1`, buildStoppedTask(job.id, 1, { exitCode: 65 }));
    fixture.advanceClock(61);
    expect((await reconcile()).reconciled).to.equal(1);
    expect((await readJob(job)).status).to.equal("Error");
  });

  it("uses a vanished task's report, and retries without one", async () => {
    const reported = await claimJob("a.mkv");
    const silent = await claimJob("b.mkv");
    const absent = await claimJob("c.mkv");
    await fixture.ports.jobs.begin(reported.id, 1, "w");
    await fixture.ports.jobs.begin(silent.id, 1, "w");
    await fixture.ports.jobs.recordReport(reported.id, 1, "w", { outputs: [], warnings: [] });
    fixture.advanceClock(299);
    expect((await reconcile()).reconciled).to.equal(0);
    fixture.advanceClock(1);
    expect((await reconcile()).reconciled).to.equal(3);
    expect([(await readJob(reported)).status, (await readJob(silent)).attempt]).to.eql(["Complete", 2]);
    expect(await readJob(absent)).to.include({ attempt: 2, maxAttempts: 4 });
    expect((await readJob(silent)).history.at(-1)?.detail).to.include("no longer exists and wrote no report");
  });

  it("stops a worker that was silent for 15 minutes", async () => {
    const job = await claimJob("a.mkv");
    fixture.tasks.set(`task/${job.id}-1`, buildStoppedTask(job.id, 1, { status: "Running" }));
    fixture.advanceClock(899);
    await reconcile();
    expect(fixture.stopped).to.eql([]);
    fixture.advanceClock(1);
    await reconcile();
    expect(fixture.stopped).to.eql([`task/${job.id}-1`]);
  });

  it("leaves a worker alone that writes progress", async () => {
    const withTask = await claimJob("a.mkv");
    const withoutTask = await claimUnstartedJob("b.mkv");
    fixture.tasks.set(`task/${withTask.id}-1`, buildStoppedTask(withTask.id, 1, { status: "Running" }));
    for (const { id } of [withTask, withoutTask]) await fixture.ports.jobs.begin(id, 1, "w");
    for (const percent of [1, 2]) {
      fixture.advanceClock(899);
      for (const { id } of [withTask, withoutTask])
        await fixture.ports.jobs.recordProgress(id, 1, "w", { percent, phase: "encoding" });
    }
    fixture.advanceClock(899);
    expect(await reconcile()).to.eql(noActions);
    expect(fixture.stopped).to.eql([]);
    fixture.advanceClock(1);
    expect((await reconcile()).reconciled).to.equal(2);
  });

  it("closes an attempt without a recorded start after the worker's silence", async () => {
    const silent = await claimUnstartedJob("a.mkv");
    const reported = await claimUnstartedJob("b.mkv");
    for (const { id } of [silent, reported]) await fixture.ports.jobs.begin(id, 1, "w");
    await fixture.ports.jobs.recordReport(reported.id, 1, "w", { outputs: [], warnings: [] });
    fixture.advanceClock(899);
    expect((await reconcile()).reconciled).to.equal(0);
    fixture.advanceClock(1);
    expect((await reconcile()).reconciled).to.equal(2);
    expect([(await readJob(silent)).attempt, (await readJob(reported)).status]).to.eql([2, "Complete"]);
  });

  it("reads the transcoder job of a job whose notification was lost", async () => {
    const job = await claimJob("a.mp4");
    const engineJobId = `transcoder/${job.id}-1`;
    const state = (status: "Submitted" | "Progressing" | "Complete") =>
      fixture.transcoderJobs.set(engineJobId, {
        id: engineJobId,
        status,
        outputs: [{ key: "output/web/a.mp4", status, bytes: 4 }],
        userMetadata: {},
      });
    state("Submitted");
    fixture.advanceClock(61);
    expect((await reconcile()).reconciled).to.equal(0);
    state("Progressing");
    expect((await reconcile()).reconciled).to.equal(1);
    expect((await readJob(job)).status).to.equal("Progressing");
    fixture.advanceClock(61);
    expect((await reconcile()).reconciled, "without a change").to.equal(0);
    state("Complete");
    fixture.advanceClock(61);
    await reconcile();
    expect((await readJob(job)).outputs).to.eql([{ key: "output/web/a.mp4", bytes: 4 }]);
  });

  it("takes over a cancellation by the transcoder", async () => {
    const job = await claimJob("a.mp4");
    const engineJobId = `transcoder/${job.id}-1`;
    fixture.transcoderJobs.set(engineJobId, {
      id: engineJobId,
      status: "Canceled",
      outputs: [],
      userMetadata: {},
    });
    fixture.advanceClock(61);
    await reconcile();
    expect((await readJob(job)).status).to.equal("Canceled");
  });

  it("retries if the transcoder no longer knows the job", async () => {
    const job = await claimJob("a.mp4");
    fixture.advanceClock(61);
    await reconcile();
    expect((await readJob(job)).attempt).to.equal(2);
  });

  it("handles other jobs if one fails", async () => {
    const [one, other] = [await claimJob("a.mp4"), await claimJob("b.mp4")];
    fixture.advanceClock(61);
    fixture.fail("transcoder.readJob", new StoreFailure("transient", "busy"));
    expect(await reconcile()).to.eql({ ...noActions, reconciled: 1, failed: 1 });
    expect([(await readJob(one)).attempt, (await readJob(other)).attempt].sort()).to.eql([1, 2]);
  });

  it("describes more tasks than one call accepts", async () => {
    const jobs: Job[] = [];
    for (let index = 0; index < 101; index += 1) jobs.push(await claimJob(`${index}.mkv`));
    for (const { id } of jobs) fixture.tasks.set(`task/${id}-1`, buildStoppedTask(id, 1, { exitCode: 65 }));
    fixture.advanceClock(61);
    expect((await reconcile()).reconciled).to.equal(101);
  });

  it("sends an unmarked notification again after a grace period", async () => {
    fixture.fail("notifier.publish", new Error("no topic"));
    const job = await claimJob("a.txt");
    expect((await reconcile()).resent).to.equal(0);
    fixture.advanceClock(61);
    expect((await reconcile()).resent).to.equal(1);
    expect(fixture.published.map(({ id }) => id)).to.eql([`${job.id}-1`]);
    expect((await readJob(job)).notifiedAt).to.be.a("string");
  });
});
