import { expect } from "chai";
import { maxTotalAttempts } from "../../../pipeline/attempts/retry-policy.ts";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { handleTaskStateChange } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { openWorld, stoppedTask, uploaded, type World } from "./world.ts";

const cutOff = {
  stopCode: "RuntimeStopped",
  stoppedReason: "the runtime stopped while the task was running",
  exitCode: undefined,
};

describe("an attempt that the runtime took with it", () => {
  let world: World;
  let id: string;
  const now = async (): Promise<Job> => {
    const read = await world.ports.jobs.read(id);
    if (read === undefined) throw new Error("gone");
    return read;
  };
  const settle = async (change: Parameters<typeof stoppedTask>[2]): Promise<void> => {
    const { attempt } = await now();
    await world.ports.jobs.recordStart(id, attempt, `task/${id}-${attempt}`);
    await handleTaskStateChange(world.ports, stoppedTask(id, attempt, change));
  };
  beforeEach(async () => {
    world = await openWorld();
    const claim = await claimUpload(world.ports, uploaded("a.mkv"), { triggers: "all" });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    id = claim.job.id;
  });
  afterEach(() => world.close());

  it("is followed by another at once, and leaves all three attempts to the job's own faults", async () => {
    for (let time = 0; time < 5; time += 1) await settle(cutOff);
    const open = await now();
    expect({ status: open.status, attempt: open.attempt, notBefore: open.notBefore }).to.eql({
      status: "Submitted",
      attempt: 6,
      notBefore: "2026-11-21T03:00:00.000Z",
    });
    expect(open.history.at(-1)?.detail).to.include("the runtime stopped while the task was running");
    await settle({ exitCode: 75 });
    expect((await now()).notBefore).to.equal("2026-11-21T03:00:30.000Z");
    await settle({ exitCode: 75 });
    expect((await now()).notBefore).to.equal("2026-11-21T03:02:00.000Z");
    await settle({ exitCode: 75 });
    expect((await now()).status).to.equal("Error");
  });

  it("is not spent where its worker still told that it was stopped; what it finished counts", async () => {
    const stopped = { code: 9001, name: "WorkerLost", message: "told to stop", retryable: true };
    await world.ports.jobs.begin(id, 1, "w1");
    await world.ports.jobs.recordReport(id, 1, "w1", { outputs: [], warnings: [], error: stopped });
    await settle(cutOff);
    expect([(await now()).attempt, (await now()).maxAttempts]).to.eql([2, 4]);
    await world.ports.jobs.begin(id, 2, "w2");
    await world.ports.jobs.recordReport(id, 2, "w2", { outputs: [{ key: "k", bytes: 1 }], warnings: [] });
    await settle(cutOff);
    expect((await now()).status).to.equal("Complete");
  });

  it("is spent in the end: a job that brings its machine down each time does not go on for ever", async () => {
    for (let time = 1; time < maxTotalAttempts; time += 1) await settle(cutOff);
    expect((await now()).attempt).to.equal(maxTotalAttempts);
    for (let time = 0; time < 3; time += 1) await settle(cutOff);
    const ended = await now();
    expect({ status: ended.status, code: ended.error?.code }).to.eql({ status: "Error", code: 9001 });
  });
});
