import { expect } from "chai";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { createDynamoTranscoderStore } from "../../../adapters/aws/transcoder-store.ts";
import { type LocalDatabase, localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import type { TranscoderStore } from "../../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import { pipeline } from "../../lambdas/transcoder-api/service.ts";
import { createLossyClient, type LossyClient } from "./lossy-client.ts";

const clock = { now: () => new Date() };
const completion = { status: "Complete", outputs: [], detail: "complete" } as const;
const error = { code: 4000, name: "UnsupportedFormat", message: "no media", retryable: false };
const report = { outputs: [{ key: "a.png", bytes: 1 }], warnings: [] };
const at = "2026-11-21T03:00:00.000Z";

/** The client repeats a request after a broken connection, although the first one may have succeeded. */
describe("writes whose first response is lost", () => {
  let database: LocalDatabase;
  let lossyClient: LossyClient;
  let jobs: JobStore;
  let transcoder: TranscoderStore;
  let count = 0;

  before(async () => {
    database = await openDatabase();
    lossyClient = createLossyClient(database);
    jobs = createDynamoJobStore(lossyClient.client, localTableNames.jobs, clock);
    transcoder = createDynamoTranscoderStore(lossyClient.client, localTableNames.transcoder, clock);
  });
  after(async () => {
    lossyClient.client.destroy();
    await database.close();
  });

  const buildJob = (): Job => {
    count += 1;
    return {
      id: `job-${count}`,
      route: "images",
      engine: "ffmpeg",
      recipe: "image",
      status: "Submitted",
      attempt: 1,
      maxAttempts: 3,
      source: { bucket: "input", key: `${count}.png`, bytes: 1 },
      specification: null,
      progress: { percent: 0, phase: "submitted" },
      outputs: [],
      error: null,
      createdAt: at,
      updatedAt: at,
      history: [{ at, status: "Submitted", attempt: 1, detail: "claimed" }],
    };
  };
  const claimJob = async (): Promise<Job> => (await jobs.claim(buildJob())).job;
  const beginJob = async (): Promise<Job> => {
    const job = await claimJob();
    await jobs.begin(job.id, 1, "one");
    return job;
  };
  const failJob = async (): Promise<Job> => {
    const job = await claimJob();
    await jobs.closeJob(job.id, 1, { status: "Error", error, detail: "no media" });
    return job;
  };
  const withLostAnswer: LossyClient["withLostAnswer"] = (act) => lossyClient.withLostAnswer(act);

  const acts: readonly (readonly [string, () => Promise<Job>, (job: Job) => Promise<unknown>, number])[] = [
    ["begin", claimJob, ({ id }) => jobs.begin(id, 1, "one"), 2],
    [
      "recordProgress",
      beginJob,
      ({ id }) => jobs.recordProgress(id, 1, "one", { percent: 5, phase: "encoding" }),
      2,
    ],
    [
      "recordPhase",
      beginJob,
      ({ id }) => jobs.recordPhase(id, 1, "one", { percent: 5, phase: "publishing" }),
      2,
    ],
    ["recordReport", beginJob, ({ id }) => jobs.recordReport(id, 1, "one", report), 2],
    ["closeJob", beginJob, ({ id }) => jobs.closeJob(id, 1, completion), 3],
    ["recordStart", claimJob, ({ id }) => jobs.recordStart(id, 1, "task"), 1],
    [
      "scheduleNextAttempt",
      beginJob,
      ({ id }) => jobs.scheduleNextAttempt(id, 1, at, "again", { unlessReported: true }),
      3,
    ],
    ["cancel", beginJob, ({ id }) => jobs.cancel(id, "cancelled"), 3],
    ["reopen", failJob, ({ id }) => jobs.reopen(id, 1, "retried"), 3],
    ["markNotified", failJob, ({ id }) => jobs.markNotified(id, 1), 2],
    ["markProgressing", claimJob, ({ id }) => jobs.markProgressing(id, 1), 2],
    ["markPublished", claimJob, ({ id }) => jobs.markPublished(id, 1), 1],
  ];
  for (const [name, prepare, act, entries] of acts)
    it(`returns the caller's own result and writes once: ${name}`, async () => {
      const job = await prepare();
      const answer = await withLostAnswer(() => act(job));
      expect(answer).to.satisfy(
        (result: unknown) => result === true || (typeof result === "object" && result !== null),
      );
      expect((await jobs.read(job.id))?.history).to.have.length(entries);
    });

  it("returns the claim to its own caller only", async () => {
    const job = buildJob();
    expect(await withLostAnswer(() => jobs.claim(job))).to.deep.equal({ claimed: true, job });
    expect((await withLostAnswer(() => jobs.claim(job))).claimed).to.equal(false);
  });

  it("rejects the retry if another write came first", async () => {
    const job = await beginJob();
    await jobs.closeJob(job.id, 1, completion);
    expect(await withLostAnswer(() => jobs.closeJob(job.id, 1, completion))).to.equal(undefined);
    expect(await withLostAnswer(() => jobs.cancel(job.id, "late"))).to.equal(undefined);
    expect(await withLostAnswer(() => jobs.begin(job.id, 1, "two"))).to.equal(undefined);
    expect(await withLostAnswer(() => jobs.recordReport(job.id, 1, "two", report))).to.equal(false);
  });

  it("takes the last slot of an hour once", async () => {
    expect(await withLostAnswer(() => jobs.takeHourlySlot("2026-11-21T05", 1))).to.equal(true);
    expect(await jobs.takeHourlySlot("2026-11-21T05", 1)).to.equal(false);
  });

  it("creates, updates and deletes a pipeline once", async () => {
    const pipelineInput = { ...pipeline, Id: "1111111111111-lost01" };
    expect(await withLostAnswer(() => transcoder.createPipeline(pipelineInput))).to.equal(true);
    let changes = 0;
    const changed = await withLostAnswer(() =>
      transcoder.updatePipeline(pipelineInput.Id, (held) => {
        changes += 1;
        return { ...held, Name: `${held.Name}!` };
      }),
    );
    expect({ Name: changed?.Name, changes }).to.deep.equal({ Name: "reelway!", changes: 1 });
    expect(await withLostAnswer(() => transcoder.deletePipeline(pipelineInput.Id))).to.equal(true);
    expect(await transcoder.readPipeline(pipelineInput.Id)).to.equal(undefined);
  });
});

describe("the result of an attempt", () => {
  let database: LocalDatabase;
  let jobs: JobStore;
  before(async () => {
    database = await openDatabase();
    jobs = createDynamoJobStore(database.client, localTableNames.jobs, clock);
  });
  after(() => database.close());
  const beginTranscoderJob = async (id: string): Promise<string> => {
    await jobs.claim({
      id,
      route: null,
      engine: "ffmpeg",
      recipe: "image",
      status: "Submitted",
      attempt: 1,
      maxAttempts: 3,
      source: { bucket: "input", key: id, bytes: 1 },
      specification: null,
      progress: { percent: 0, phase: "submitted" },
      outputs: [],
      error: null,
      createdAt: at,
      updatedAt: at,
      history: [],
    });
    await jobs.begin(id, 1, "one");
    return id;
  };

  it("accepts the same report again from its worker and from nobody else", async () => {
    const id = await beginTranscoderJob("one-report");
    const other = { outputs: [], warnings: [], error };
    expect(await jobs.recordReport(id, 1, "one", report)).to.equal(true);
    expect(await jobs.recordReport(id, 1, "one", { ...report })).to.equal(true);
    expect(await jobs.recordReport(id, 1, "one", other)).to.equal(false);
    expect(await jobs.recordReport(id, 1, "two", report)).to.equal(false);
    expect((await jobs.read(id))?.report).to.deep.equal(report);
    await jobs.closeJob(id, 1, completion);
    expect(await jobs.recordReport(id, 1, "one", report), "after the job was closed by it").to.equal(true);
  });

  it("prevents closing the job without the report, and cancelling it", async () => {
    const id = await beginTranscoderJob("reported");
    await jobs.recordReport(id, 1, "one", report);
    const failure = { status: "Error", error, detail: "lost", unlessReported: true } as const;
    expect(await jobs.closeJob(id, 1, failure)).to.equal(undefined);
    expect(await jobs.scheduleNextAttempt(id, 1, at, "lost", { unlessReported: true })).to.equal(undefined);
    expect(await jobs.cancel(id, "late")).to.equal(undefined);
    expect((await jobs.closeJob(id, 1, completion))?.status).to.equal("Complete");
  });

  it("lets an operator cancel after a failure report", async () => {
    const id = await beginTranscoderJob("failed-report");
    await jobs.recordReport(id, 1, "one", { outputs: [], warnings: [], error });
    expect((await jobs.cancel(id, "enough"))?.status).to.equal("Canceled");
  });

  it("prevents cancelling when another engine published the outputs", async () => {
    const id = await beginTranscoderJob("published");
    expect(await jobs.markPublished(id, 1)).to.equal(true);
    expect(await jobs.markPublished(id, 2)).to.equal(false);
    expect(await jobs.cancel(id, "late")).to.equal(undefined);
    await jobs.scheduleNextAttempt(id, 1, at, "again");
    expect((await jobs.cancel(id, "now"))?.status).to.equal("Canceled");
  });
});
