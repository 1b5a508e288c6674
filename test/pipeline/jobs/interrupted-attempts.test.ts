import { expect } from "chai";
import { maxTotalAttempts } from "../../../pipeline/attempts/retry-policy.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { handleTaskStateChange } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { buildStoppedTask, buildUploadEvent, type JobFixture, openJobFixture } from "./job-fixture.ts";

const cutOff = {
  stopCode: "RuntimeStopped",
  stoppedReason: "the runtime stopped while the task was running",
  exitCode: undefined,
};

describe("an attempt interrupted by the runtime's stop", () => {
  let fixture: JobFixture;
  let id: string;
  const readJob = async (): Promise<Job> => {
    const read = await fixture.ports.jobs.read(id);
    if (read === undefined) throw new Error("gone");
    return read;
  };
  const reportStopped = async (change: Parameters<typeof buildStoppedTask>[2]): Promise<void> => {
    const { attempt } = await readJob();
    await fixture.ports.jobs.recordStart(id, attempt, `task/${id}-${attempt}`);
    await fixture.ports.jobs.begin(id, attempt, `worker-${attempt}`);
    await handleTaskStateChange(fixture.ports, buildStoppedTask(id, attempt, change));
  };
  beforeEach(async () => {
    fixture = await openJobFixture();
    const claim = await claimUpload(fixture.ports, buildUploadEvent("a.mkv"), { triggers: "all" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    id = claim.job.id;
  });
  afterEach(() => fixture.close());

  it("is followed by another at once and does not count as one of the three attempts", async () => {
    for (let time = 0; time < 5; time += 1) await reportStopped(cutOff);
    const open = await readJob();
    expect({ status: open.status, attempt: open.attempt, notBefore: open.notBefore }).to.eql({
      status: "Submitted",
      attempt: 6,
      notBefore: "2026-11-21T03:00:00.000Z",
    });
    expect(open.history.at(-1)?.detail).to.include("the runtime stopped while the task was running");
    await reportStopped({ exitCode: 75 });
    expect((await readJob()).notBefore).to.equal("2026-11-21T03:00:30.000Z");
    await reportStopped({ exitCode: 75 });
    expect((await readJob()).notBefore).to.equal("2026-11-21T03:02:00.000Z");
    await reportStopped({ exitCode: 75 });
    expect((await readJob()).status).to.equal("Error");
  });

  it("does not count if its worker reported the stop; a finished report counts", async () => {
    const stopped = { code: 9001, name: "WorkerLost", message: "told to stop", retryable: true };
    await fixture.ports.jobs.begin(id, 1, "w1");
    await fixture.ports.jobs.recordReport(id, 1, "w1", { outputs: [], warnings: [], error: stopped });
    await reportStopped(cutOff);
    expect([(await readJob()).attempt, (await readJob()).maxAttempts]).to.eql([2, 4]);
    await fixture.ports.jobs.begin(id, 2, "w2");
    await fixture.ports.jobs.recordReport(id, 2, "w2", { outputs: [{ key: "k", bytes: 1 }], warnings: [] });
    await reportStopped(cutOff);
    expect((await readJob()).status).to.equal("Complete");
  });

  it("counts after repeated interruptions of one job", async () => {
    for (let time = 1; time < maxTotalAttempts; time += 1) await reportStopped(cutOff);
    expect((await readJob()).attempt).to.equal(maxTotalAttempts);
    for (let time = 0; time < 3; time += 1) await reportStopped(cutOff);
    const job = await readJob();
    expect({ status: job.status, code: job.error?.code }).to.eql({ status: "Error", code: 9001 });
  });
});
