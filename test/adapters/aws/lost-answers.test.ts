import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { createDynamoTranscoderStore } from "../../../adapters/aws/transcoder-store.ts";
import { type LocalDatabase, localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import type { TranscoderStore } from "../../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import { pipeline } from "../../lambdas/transcoder-api/service.ts";

const clock = { now: () => new Date() };
const end = { status: "Complete", outputs: [], detail: "complete" } as const;
const error = { code: 4000, name: "UnsupportedFormat", message: "no media", retryable: false };
const report = { outputs: [{ key: "a.png", bytes: 1 }], warnings: [] };
const at = "2026-11-21T03:00:00.000Z";

/** The client sends a request again when the connection breaks, and the first one may have been done. */
describe("a write whose first answer is lost between the client and the table", () => {
  let database: LocalDatabase;
  let client: DynamoDBClient;
  /** Answers that are still to be lost. */
  let losses = 0;
  let jobs: JobStore;
  let transcoder: TranscoderStore;
  let count = 0;

  before(async () => {
    database = await openDatabase();
    const { requestHandler } = database.client.config;
    client = new DynamoDBClient({
      endpoint: "http://127.0.0.1",
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      requestHandler: {
        async handle(...given: Parameters<typeof requestHandler.handle>) {
          const answer = await requestHandler.handle(...given);
          if (losses === 0) return answer;
          losses -= 1;
          throw Object.assign(new Error("socket hang up"), { name: "TimeoutError", code: "ECONNRESET" });
        },
      },
    });
    jobs = createDynamoJobStore(client, localTableNames.jobs, clock);
    transcoder = createDynamoTranscoderStore(client, localTableNames.transcoder, clock);
  });
  after(async () => {
    client.destroy();
    await database.close();
  });

  const make = (): Job => {
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
  const claimed = async (): Promise<Job> => (await jobs.claim(make())).job;
  const begun = async (): Promise<Job> => {
    const job = await claimed();
    await jobs.begin(job.id, 1, "one");
    return job;
  };
  const failed = async (): Promise<Job> => {
    const job = await claimed();
    await jobs.closeJob(job.id, 1, { status: "Error", error, detail: "no media" });
    return job;
  };
  const losing = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    losses = 1;
    const answer = await act();
    expect(losses, "an answer was lost").to.equal(0);
    return answer;
  };

  const acts: readonly (readonly [string, () => Promise<Job>, (job: Job) => Promise<unknown>, number])[] = [
    ["begin", claimed, ({ id }) => jobs.begin(id, 1, "one"), 2],
    [
      "recordProgress",
      begun,
      ({ id }) => jobs.recordProgress(id, 1, "one", { percent: 5, phase: "encoding" }),
      2,
    ],
    ["recordReport", begun, ({ id }) => jobs.recordReport(id, 1, "one", report), 2],
    ["closeJob", begun, ({ id }) => jobs.closeJob(id, 1, end), 3],
    ["recordStart", claimed, ({ id }) => jobs.recordStart(id, 1, "task"), 1],
    [
      "scheduleNextAttempt",
      begun,
      ({ id }) => jobs.scheduleNextAttempt(id, 1, at, "again", { unlessReported: true }),
      3,
    ],
    ["cancel", begun, ({ id }) => jobs.cancel(id, "cancelled"), 3],
    ["reopen", failed, ({ id }) => jobs.reopen(id, 1, "retried"), 3],
    ["markNotified", failed, ({ id }) => jobs.markNotified(id, 1), 2],
    [
      "recordEngineProgress",
      claimed,
      ({ id }) => jobs.recordEngineProgress(id, 1, { percent: 5, phase: "x" }),
      1,
    ],
    ["markPublished", claimed, ({ id }) => jobs.markPublished(id, 1), 1],
  ];
  for (const [name, prepare, act, entries] of acts)
    it(`is this caller's own, and done once: ${name}`, async () => {
      const job = await prepare();
      const answer = await losing(() => act(job));
      expect(answer).to.satisfy(
        (given: unknown) => given === true || (typeof given === "object" && given !== null),
      );
      expect((await jobs.read(job.id))?.history).to.have.length(entries);
    });

  it("is a claim's own, and nobody else's", async () => {
    const job = make();
    expect(await losing(() => jobs.claim(job))).to.deep.equal({ claimed: true, job });
    expect((await losing(() => jobs.claim(job))).claimed).to.equal(false);
  });

  it("is refused where another's write came first", async () => {
    const job = await begun();
    await jobs.closeJob(job.id, 1, end);
    expect(await losing(() => jobs.closeJob(job.id, 1, end))).to.equal(undefined);
    expect(await losing(() => jobs.cancel(job.id, "late"))).to.equal(undefined);
    expect(await losing(() => jobs.begin(job.id, 1, "two"))).to.equal(undefined);
    expect(await losing(() => jobs.recordReport(job.id, 1, "two", report))).to.equal(false);
  });

  it("takes the last slot of an hour", async () => {
    expect(await losing(() => jobs.takeHourlySlot("2026-11-21T05", 1))).to.equal(true);
    expect(await jobs.takeHourlySlot("2026-11-21T05", 1)).to.equal(false);
  });

  it("makes, changes and removes a pipeline once", async () => {
    const own = { ...pipeline, Id: "1111111111111-lost01" };
    expect(await losing(() => transcoder.createPipeline(own))).to.equal(true);
    let changes = 0;
    const changed = await losing(() =>
      transcoder.updatePipeline(own.Id, (held) => {
        changes += 1;
        return { ...held, Name: `${held.Name}!` };
      }),
    );
    expect({ Name: changed?.Name, changes }).to.deep.equal({ Name: "reelway!", changes: 1 });
    expect(await losing(() => transcoder.deletePipeline(own.Id))).to.equal(true);
    expect(await transcoder.readPipeline(own.Id)).to.equal(undefined);
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
  const begun = async (id: string): Promise<string> => {
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

  it("is one, which its worker may give again and nobody changes", async () => {
    const id = await begun("one-report");
    const other = { outputs: [], warnings: [], error };
    expect(await jobs.recordReport(id, 1, "one", report)).to.equal(true);
    expect(await jobs.recordReport(id, 1, "one", { ...report })).to.equal(true);
    expect(await jobs.recordReport(id, 1, "one", other)).to.equal(false);
    expect(await jobs.recordReport(id, 1, "two", report)).to.equal(false);
    expect((await jobs.read(id))?.report).to.deep.equal(report);
    await jobs.closeJob(id, 1, end);
    expect(await jobs.recordReport(id, 1, "one", report), "after the job was closed by it").to.equal(true);
  });

  it("keeps its job from being ended without it, and from being cancelled beside its outputs", async () => {
    const id = await begun("reported");
    await jobs.recordReport(id, 1, "one", report);
    const judged = { status: "Error", error, detail: "lost", unlessReported: true } as const;
    expect(await jobs.closeJob(id, 1, judged)).to.equal(undefined);
    expect(await jobs.scheduleNextAttempt(id, 1, at, "lost", { unlessReported: true })).to.equal(undefined);
    expect(await jobs.cancel(id, "late")).to.equal(undefined);
    expect((await jobs.closeJob(id, 1, end))?.status).to.equal("Complete");
  });

  it("of failure lets an operator cancel", async () => {
    const id = await begun("failed-report");
    await jobs.recordReport(id, 1, "one", { outputs: [], warnings: [], error });
    expect((await jobs.cancel(id, "enough"))?.status).to.equal("Canceled");
  });

  it("that is published by another engine keeps its job from being cancelled, too", async () => {
    const id = await begun("published");
    expect(await jobs.markPublished(id, 1)).to.equal(true);
    expect(await jobs.markPublished(id, 2)).to.equal(false);
    expect(await jobs.cancel(id, "late")).to.equal(undefined);
    await jobs.scheduleNextAttempt(id, 1, at, "again");
    expect((await jobs.cancel(id, "now"))?.status).to.equal("Canceled");
  });
});
