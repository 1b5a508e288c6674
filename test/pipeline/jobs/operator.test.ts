import { expect } from "chai";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { handleTaskStateChange } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import {
  cancelJob,
  cancelJobUnnotified,
  OperationRefused,
  retryJob,
} from "../../../pipeline/jobs/operator.ts";
import { buildStoppedTask, buildUploadEvent, type JobFixture, openJobFixture } from "./job-fixture.ts";

describe("an operator", () => {
  let fixture: JobFixture;
  const claimJob = async (key: string): Promise<Job> => {
    const claim = await claimUpload(fixture.ports, buildUploadEvent(key), { triggers: "lambda" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    return claim.job;
  };
  const catchRefusal = async (act: Promise<unknown>): Promise<string> => {
    const error = await act.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (!(error instanceof OperationRefused)) throw new Error(`not refused: ${String(error)}`);
    return error.message;
  };

  beforeEach(async () => {
    fixture = await openJobFixture({ maxJobsPerHour: 1 });
  });
  afterEach(() => fixture.close());

  it("cancels a job: writes Canceled, sends one notification and stops the task", async () => {
    const job = await claimJob("a.mkv");
    const canceled = await cancelJob(fixture.ports, job.id);
    expect(fixture.counted).to.eql(["JobsClosed"]);
    expect([canceled.status, fixture.stopped, fixture.published.length]).to.eql([
      "Canceled",
      [`task/${job.id}-1`],
      1,
    ]);
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1, { exitCode: 143 }));
    expect((await fixture.ports.jobs.read(job.id))?.status).to.equal("Canceled");
    expect(fixture.published).to.have.length(1);
  });

  it("cancels a job without the right to publish: the reconciler sends its notification", async () => {
    const job = await claimJob("a.mkv");
    const { jobs, tasks, transcoder } = fixture.ports;
    expect((await cancelJobUnnotified({ jobs, tasks, transcoder }, job.id)).status).to.equal("Canceled");
    expect([fixture.stopped, fixture.published.length]).to.eql([[`task/${job.id}-1`], 0]);
    fixture.advanceClock(120);
    await createReconciler(fixture.ports)();
    expect(fixture.published.map(({ id }) => id)).to.eql([`${job.id}-1`]);
  });

  it("cancels a transcoder job through its API", async () => {
    const job = await claimJob("a.mp4");
    await cancelJob(fixture.ports, job.id);
    expect(fixture.canceled).to.eql([`transcoder/${job.id}-1`]);
  });

  it("cannot cancel a terminal or unknown job", async () => {
    const job = await claimJob("a.txt");
    expect(await catchRefusal(cancelJob(fixture.ports, job.id))).to.include(
      "is Error and cannot be canceled",
    );
    expect(await catchRefusal(cancelJob(fixture.ports, "nope"))).to.equal("Job nope does not exist.");
  });

  it("retries a canceled job with three more attempts, in the limit of its hour", async () => {
    const job = await claimJob("a.mkv");
    await cancelJob(fixture.ports, job.id);
    const opened = await retryJob(fixture.ports, job.id, { force: false });
    expect([opened.status, opened.attempt, opened.maxAttempts]).to.eql(["Submitted", 2, 4]);
    expect([...fixture.started.keys()]).to.eql([`${job.id}-1`]);
    fixture.advanceClock(3600);
    await createReconciler(fixture.ports)();
    expect([...fixture.started.keys()]).to.eql([`${job.id}-1`, `${job.id}-2`]);
  });

  it("needs force for a permanent failure", async () => {
    const job = await claimJob("a.mkv");
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, 1, { exitCode: 65 }));
    expect(await catchRefusal(retryJob(fixture.ports, job.id, { force: false }))).to.include("--force");
    expect((await retryJob(fixture.ports, job.id, { force: true })).attempt).to.equal(2);
  });

  it("cannot retry a running, complete, rejected or unknown job", async () => {
    const running = await claimJob("a.mkv");
    expect(await catchRefusal(retryJob(fixture.ports, running.id, { force: true }))).to.include(
      "is Submitted",
    );
    const refused = await claimJob("a.txt");
    expect(await catchRefusal(retryJob(fixture.ports, refused.id, { force: true }))).to.include(
      "upload the file again",
    );
    expect(await catchRefusal(retryJob(fixture.ports, "nope", { force: true }))).to.include(
      "Job nope does not exist",
    );
  });

  it("is refused if another operation changed the job at the same time", async () => {
    const job = await claimJob("a.mkv");
    await cancelJob(fixture.ports, job.id);
    const jobs = { ...fixture.ports.jobs, reopen: async () => undefined };
    expect(await catchRefusal(retryJob({ ...fixture.ports, jobs }, job.id, { force: false }))).to.include(
      "changed by another operation at the same time",
    );
  });

  it("leaves a retry that cannot start yet to the reconciler", async () => {
    const job = await claimJob("a.mkv");
    await cancelJob(fixture.ports, job.id);
    fixture.fail("jobs.hasBacklog", new Error("unreachable"));
    expect((await retryJob(fixture.ports, job.id, { force: false })).status).to.equal("Submitted");
    expect(fixture.logged.at(-1)).to.include("the reconciler starts it");
  });
});
