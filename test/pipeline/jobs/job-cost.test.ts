import { expect } from "chai";
import type { JobStatus } from "../../../pipeline/attempts/job-status.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import { estimateJobCost } from "../../../pipeline/jobs/job-cost.ts";
import configured from "../../../reelway.config.ts";

const at = (time: string): string => `2026-11-29T${time}Z`;
const now = new Date(at("13:00:00.000"));
const hardware = { architecture: "X86_64", scratchGiB: 50, hasPublicAddress: true } as const;
const taskSizes = {
  ...parseConfiguration(configured).taskSizes,
  ladder: { cpu: 4096, memory: 8192 },
};

const createJob = (
  history: readonly (readonly [time: string, status: JobStatus, attempt: number])[],
  changes: Partial<Job> = {},
): Parameters<typeof estimateJobCost>[0] => ({
  engine: "ffmpeg",
  recipe: "ladder",
  status: history.at(-1)?.[1] ?? "Submitted",
  attempt: history.at(-1)?.[2] ?? 1,
  history: history.map(([time, status, attempt]) => ({ at: at(time), status, attempt, detail: "" })),
  ...changes,
});

describe("the cost of a job", () => {
  it("is task size × run time × price of every attempt", () => {
    const job = createJob([
      ["12:00:00.000", "Submitted", 1],
      ["12:00:10.000", "Progressing", 1],
      ["12:30:10.000", "Submitted", 2],
      ["12:40:00.000", "Progressing", 2],
      ["12:58:00.000", "Complete", 2],
    ]);
    const { usd, attempts, resources } = estimateJobCost(job, hardware, taskSizes, now);
    // 4 × 0.04048 + 8 × 0.004445 + 30 × 0.000111 + 0.005 = 0.20581 for each hour; 48 minutes.
    expect(usd).to.equal(0.164648);
    expect(attempts).to.deep.equal([
      {
        attempt: 1,
        startedAt: at("12:00:10.000"),
        endedAt: at("12:30:10.000"),
        billedSeconds: 1800,
        usd: 0.102905,
      },
      {
        attempt: 2,
        startedAt: at("12:40:00.000"),
        endedAt: at("12:58:00.000"),
        billedSeconds: 1080,
        usd: 0.061743,
      },
    ]);
    expect(resources).to.deep.equal([
      { resource: "vcpu", quantity: 4, usdPerHour: 0.04048, usd: 0.129536 },
      { resource: "memoryGb", quantity: 8, usdPerHour: 0.004445, usd: 0.028448 },
      { resource: "storageGb", quantity: 30, usdPerHour: 0.000111, usd: 0.002664 },
      { resource: "publicIpv4", quantity: 1, usdPerHour: 0.005, usd: 0.004 },
    ]);
    expect(resources.reduce((sum, one) => sum + one.usd, 0)).to.be.closeTo(usd, 1e-6);
  });

  it("grows while an attempt runs, and is at least that of a minute", () => {
    const job = createJob([
      ["12:00:00.000", "Submitted", 1],
      ["12:59:59.500", "Progressing", 1],
    ]);
    const [attempt] = estimateJobCost(job, hardware, taskSizes, now).attempts;
    expect(attempt).to.include({ billedSeconds: 60 }).and.not.have.property("endedAt");
    const later = new Date(now.getTime() + 3_600_000);
    expect(estimateJobCost(job, hardware, taskSizes, later).attempts[0]?.billedSeconds).to.equal(3601);
  });

  it("is less on ARM64 in private subnets, without storage that is free", () => {
    const job = createJob([
      ["12:00:00.000", "Progressing", 1],
      ["13:00:00.000", "Error", 1],
    ]);
    const { usd, resources } = estimateJobCost(
      job,
      { architecture: "ARM64", scratchGiB: 20, hasPublicAddress: false },
      taskSizes,
      now,
    );
    expect(usd).to.equal(0.158);
    expect(resources.map(({ resource }) => resource)).to.deep.equal(["vcpu", "memoryGb"]);
  });

  it("is nothing before a worker starts, and without a recipe", () => {
    const submitted = createJob([["12:00:00.000", "Submitted", 1]]);
    expect(estimateJobCost(submitted, hardware, taskSizes, now)).to.deep.include({ usd: 0, attempts: [] });
    const unrouted = createJob([["12:00:00.000", "Error", 1]], { recipe: null, engine: null });
    expect(estimateJobCost(unrouted, hardware, taskSizes, now)).to.deep.equal({
      usd: 0,
      attempts: [],
      resources: [],
    });
  });

  it("of the transcoder is that of the current attempt, whose times are those of its transcoder job", () => {
    const job = createJob(
      [
        ["12:00:00.000", "Submitted", 1],
        ["12:30:00.000", "Submitted", 2],
        ["13:00:00.000", "Complete", 2],
      ],
      {
        engine: "elastic-transcoder",
        recipe: "transcode",
        startedAt: at("12:45:00.000"),
        finishedAt: at("13:00:00.000"),
      },
    );
    const { attempts } = estimateJobCost(job, hardware, taskSizes, now);
    expect(attempts).to.have.length(1);
    expect(attempts[0]).to.include({ attempt: 2, billedSeconds: 900 });
    expect(estimateJobCost({ ...job, status: "Submitted" }, hardware, taskSizes, now).usd).to.equal(0);
  });
});
