import { expect } from "chai";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { createJobAttemptCloser } from "../../../pipeline/jobs/close-job-attempt.ts";
import { handleTaskStateChange } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { buildStoppedTask, buildUploadEvent, type JobFixture, openJobFixture } from "../jobs/job-fixture.ts";

describe("an attempt that ended without a report", () => {
  let fixture: JobFixture;
  beforeEach(async () => {
    fixture = await openJobFixture();
  });
  afterEach(() => fixture.close());

  const claimJob = async (): Promise<Job> => {
    await claimUpload(fixture.ports, buildUploadEvent("a.mkv"), { triggers: "lambda" });
    return read();
  };
  const read = async (): Promise<Job> => {
    const [job] = await fixture.ports.jobs.findBySource("input", "a.mkv");
    if (job === undefined) throw new Error("no job");
    return job;
  };
  /** Aborts an attempt at a phase of its work. */
  const abortAttempt = async (job: Job, attempt: number, phase: string) => {
    await fixture.ports.jobs.recordStart(job.id, attempt, `task/${job.id}-${attempt}`);
    await fixture.ports.jobs.begin(job.id, attempt, `w${attempt}`);
    await fixture.ports.jobs.recordPhase(job.id, attempt, `w${attempt}`, { percent: 95, phase });
    await handleTaskStateChange(fixture.ports, buildStoppedTask(job.id, attempt, { exitCode: 75 }));
  };

  it("gets exactly one more attempt to remove or replace outputs if it was publishing", async () => {
    const job = await claimJob();
    for (const attempt of [1, 2, 3]) await abortAttempt(job, attempt, "publishing");
    const afterLimit = await read();
    await abortAttempt(job, 4, "publishing");
    expect([afterLimit.status, afterLimit.attempt, afterLimit.maxAttempts]).to.eql(["Submitted", 4, 3]);
    expect([(await read()).status, (await read()).attempt]).to.eql(["Error", 4]);
  });

  it("is the last at the limit if it had not published", async () => {
    const job = await claimJob();
    for (const attempt of [1, 2, 3]) await abortAttempt(job, attempt, "encoding");
    expect({ status: (await read()).status, attempt: (await read()).attempt }).to.eql({
      status: "Error",
      attempt: 3,
    });
  });

  it("is closed with a report that arrives later", async () => {
    const job = await claimJob();
    const { jobs } = fixture.ports;
    await jobs.begin(job.id, 1, "w1");
    const failed = await read();
    await jobs.recordReport(job.id, 1, "w1", { outputs: [{ key: "a", bytes: 1 }], warnings: [] });
    for (const exitCode of [75, 65])
      await createJobAttemptCloser(fixture.ports).closeByTask(
        failed,
        buildStoppedTask(job.id, 1, { exitCode }),
        failed.engineJobId,
      );
    const closedJob = await read();
    expect({ status: closedJob.status, attempt: closedJob.attempt, outputs: closedJob.outputs }).to.eql({
      status: "Complete",
      attempt: 1,
      outputs: [{ key: "a", bytes: 1 }],
    });
  });
});
