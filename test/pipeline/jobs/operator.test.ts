import { expect } from "chai";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { handleTaskStateChange } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { cancelJob, OperationRefused, retryJob } from "../../../pipeline/jobs/operator.ts";
import { TaskNotStarted } from "../../../pipeline/ports/task-runner.ts";
import { openWorld, stoppedTask, uploaded, type World } from "./world.ts";

describe("an operator", () => {
  let world: World;
  const claimed = async (key: string): Promise<Job> => {
    const claim = await claimUpload(world.ports, uploaded(key), { triggers: "lambda" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    return claim.job;
  };
  const refusal = async (act: Promise<unknown>): Promise<string> => {
    const error = await act.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (!(error instanceof OperationRefused)) throw new Error(`not refused: ${String(error)}`);
    return error.message;
  };

  beforeEach(async () => {
    world = await openWorld({ maxJobsPerHour: 1 });
  });
  afterEach(() => world.close());

  it("cancels a job: Canceled is written, one message sent, the task stopped", async () => {
    const job = await claimed("a.mkv");
    const canceled = await cancelJob(world.ports, job.id);
    expect(world.counted).to.eql(["JobsClosed"]);
    expect([canceled.status, world.stopped, world.published.length]).to.eql([
      "Canceled",
      [`task/${job.id}-1`],
      1,
    ]);
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { exitCode: 143 }));
    expect((await world.ports.jobs.read(job.id))?.status).to.equal("Canceled");
    expect(world.published).to.have.length(1);
  });

  it("cancels a transcoder job there", async () => {
    const job = await claimed("a.mp4");
    await cancelJob(world.ports, job.id);
    expect(world.canceled).to.eql([`transcoder/${job.id}-1`]);
  });

  it("cannot cancel what has ended or never was", async () => {
    const job = await claimed("a.txt");
    expect(await refusal(cancelJob(world.ports, job.id))).to.include("is Error and cannot be canceled");
    expect(await refusal(cancelJob(world.ports, "nope"))).to.equal("Job nope does not exist.");
  });

  it("retries a cancelled job as its next attempt, with three more to go", async () => {
    const job = await claimed("a.mkv");
    await cancelJob(world.ports, job.id);
    const opened = await retryJob(world.ports, job.id, { force: false });
    expect([opened.status, opened.attempt, opened.maxAttempts]).to.eql(["Submitted", 2, 4]);
    expect([...world.started.keys()]).to.eql([`${job.id}-1`, `${job.id}-2`]);
  });

  it("needs force for a failure that trying again does not change", async () => {
    const job = await claimed("a.mkv");
    await handleTaskStateChange(world.ports, stoppedTask(job.id, 1, { exitCode: 65 }));
    expect(await refusal(retryJob(world.ports, job.id, { force: false }))).to.include("--force");
    expect((await retryJob(world.ports, job.id, { force: true })).attempt).to.equal(2);
  });

  it("retries a job over the hourly limit", async () => {
    await claimed("a.mkv");
    const refused = await claimed("b.mkv");
    expect(refused.status).to.equal("Error");
    expect((await retryJob(world.ports, refused.id, { force: false })).status).to.equal("Submitted");
  });

  it("cannot retry what runs, is done, was refused or never was", async () => {
    const running = await claimed("a.mkv");
    expect(await refusal(retryJob(world.ports, running.id, { force: true }))).to.include("is Submitted");
    const refused = await claimed("a.txt");
    expect(await refusal(retryJob(world.ports, refused.id, { force: true }))).to.include(
      "upload the file again",
    );
    expect(await refusal(retryJob(world.ports, "nope", { force: true }))).to.include(
      "Job nope does not exist",
    );
  });

  it("is refused if another operation changed the job at the same time", async () => {
    const job = await claimed("a.mkv");
    await cancelJob(world.ports, job.id);
    const jobs = { ...world.ports.jobs, reopen: async () => undefined };
    expect(await refusal(retryJob({ ...world.ports, jobs }, job.id, { force: false }))).to.include(
      "changed by another operation at the same time",
    );
  });

  it("leaves a retry that cannot start yet to the reconciler", async () => {
    const job = await claimed("a.mkv");
    await cancelJob(world.ports, job.id);
    world.fail("tasks.run", new TaskNotStarted("throttled", { retryable: true }));
    expect((await retryJob(world.ports, job.id, { force: false })).status).to.equal("Submitted");
    expect(world.logged.at(-1)).to.include("the reconciler starts it");
  });
});
