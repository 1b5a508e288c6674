import { expect } from "chai";
import { claimUpload } from "../../../pipeline/jobs/claim-upload.ts";
import { createJobAttemptCloser } from "../../../pipeline/jobs/close-attempt.ts";
import { handleTaskStateChange } from "../../../pipeline/jobs/handle-task-state-change.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { openWorld, stoppedTask, uploaded, type World } from "../jobs/world.ts";

describe("an attempt that ended without a report", () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const claimed = async (): Promise<Job> => {
    await claimUpload(world.ports, uploaded("a.mkv"), { triggers: "lambda" });
    return read();
  };
  const read = async (): Promise<Job> => {
    const [job] = await world.ports.jobs.findBySource("input", "a.mkv");
    if (job === undefined) throw new Error("no job");
    return job;
  };
  /** Cuts an attempt off at a stage of its work. */
  const cutOff = async (job: Job, attempt: number, phase: string) => {
    await world.ports.jobs.recordStart(job.id, attempt, `task/${job.id}-${attempt}`);
    await world.ports.jobs.begin(job.id, attempt, `w${attempt}`);
    await world.ports.jobs.recordProgress(job.id, attempt, `w${attempt}`, { percent: 95, phase });
    await handleTaskStateChange(world.ports, stoppedTask(job.id, attempt, { exitCode: 75 }));
  };

  it("while it published gets one more to remove or replace its outputs, and no other", async () => {
    const job = await claimed();
    for (const attempt of [1, 2, 3]) await cutOff(job, attempt, "publishing");
    const beyond = await read();
    await cutOff(job, 4, "publishing");
    expect([beyond.status, beyond.attempt, beyond.maxAttempts]).to.eql(["Submitted", 4, 3]);
    expect([(await read()).status, (await read()).attempt]).to.eql(["Error", 4]);
  });

  it("before it published is the last at the limit", async () => {
    const job = await claimed();
    for (const attempt of [1, 2, 3]) await cutOff(job, attempt, "encoding");
    expect({ status: (await read()).status, attempt: (await read()).attempt }).to.eql({
      status: "Error",
      attempt: 3,
    });
  });

  it("is ended by the report that came after it was judged", async () => {
    const job = await claimed();
    const { jobs } = world.ports;
    await jobs.begin(job.id, 1, "w1");
    const judged = await read();
    await jobs.recordReport(job.id, 1, "w1", { outputs: [{ key: "a", bytes: 1 }], warnings: [] });
    for (const exitCode of [75, 65])
      await createJobAttemptCloser(world.ports).closeByTask(
        judged,
        stoppedTask(job.id, 1, { exitCode }),
        judged.engineJobId,
      );
    const ended = await read();
    expect({ status: ended.status, attempt: ended.attempt, outputs: ended.outputs }).to.eql({
      status: "Complete",
      attempt: 1,
      outputs: [{ key: "a", bytes: 1 }],
    });
  });
});
