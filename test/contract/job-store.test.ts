import { expect } from "chai";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { type LocalDatabase, localTables, openDatabase } from "../../adapters/local/database.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { JobFailure } from "../../pipeline/job/error.ts";
import type { Job } from "../../pipeline/job/job.ts";
import { newJob } from "../../pipeline/jobs/new-job.ts";
import type { JobStore } from "../../pipeline/ports/job-store.ts";
import configured from "../../reelway.config.ts";

const configuration = parseConfiguration(configured);

describe("the job store", () => {
  let database: LocalDatabase;
  let store: JobStore;
  let count = 0;
  before(async () => {
    database = await openDatabase();
    store = createDynamoJobStore(database.client, localTables.jobs, { now: () => new Date() });
  });
  after(() => database.close());

  const make = (): Job => {
    count += 1;
    const [route] = configuration.routes;
    if (route === undefined) throw new Error("no route");
    return newJob(
      route,
      { bucket: "input", key: `thumbnails/${count}.mp4`, bytes: 1, versionId: "1" },
      { configuration, outputBucket: "output", now: new Date().toISOString(), metadata: {} },
    );
  };
  const claimed = async (): Promise<Job> => (await store.claim(make())).job;

  it("lets one of twenty claims win, and answers the stored job to the others", async () => {
    const job = make();
    const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim(job)));
    expect(claims.filter((claim) => claim.claimed)).to.have.length(1);
    for (const claim of claims) expect(claim.job.id).to.equal(job.id);
  });

  it("gives an attempt to one worker, who may ask twice", async () => {
    const job = await claimed();
    const first = await store.begin(job.id, 1, "one");
    const second = await store.begin(job.id, 1, "two");
    const again = await store.begin(job.id, 1, "one");
    expect([first?.status, second, again?.worker]).to.deep.equal(["Progressing", undefined, "one"]);
  });

  it("raises progress only, and only for the holder", async () => {
    const job = await claimed();
    await store.begin(job.id, 1, "one");
    const step = (worker: string, percent: number) =>
      store.progress(job.id, 1, worker, { percent, stage: "encoding" });
    const told = [await step("one", 10), await step("one", 5), await step("two", 50), await step("one", 60)];
    expect(told).to.deep.equal([true, false, false, true]);
    expect((await store.read(job.id))?.progress).to.deep.equal({ percent: 60, stage: "encoding" });
  });

  it("closes a job once, and never changes it afterwards", async () => {
    const job = await claimed();
    await store.begin(job.id, 1, "one");
    const end = { status: "Complete", outputs: [], detail: "complete" } as const;
    const closed = await Promise.all([store.close(job.id, 1, end), store.close(job.id, 1, end)]);
    expect(closed.filter((winner) => winner !== undefined)).to.have.length(1);
    expect(await store.cancel(job.id, "late")).to.equal(undefined);
    expect(await store.nextAttempt(job.id, 1, new Date().toISOString(), "late")).to.equal(undefined);
    expect(await store.report(job.id, 1, "one", { outputs: [], warnings: [] })).to.equal(false);
  });

  it("opens the next attempt for another worker, and forgets the first one's", async () => {
    const job = await claimed();
    await store.recordStart(job.id, 1, "task-1");
    await store.begin(job.id, 1, "one");
    const next = await store.nextAttempt(job.id, 1, "2030-01-01T00:00:00.000Z", "the worker was lost");
    expect([next?.status, next?.attempt, next?.engineJob, next?.worker]).to.deep.equal([
      "Submitted",
      2,
      undefined,
      undefined,
    ]);
    expect(await store.progress(job.id, 1, "one", { percent: 99, stage: "late" })).to.equal(false);
    expect((await store.begin(job.id, 2, "two"))?.worker).to.equal("two");
  });

  it("opens a failed job again for an operator, with three attempts more", async () => {
    const job = await claimed();
    const error = new JobFailure(4000, "no media").toJSON();
    await store.close(job.id, 1, { status: "Error", error, detail: "no media" });
    const opened = await store.reopen(job.id, 1, "retried");
    expect([opened?.status, opened?.attempt, opened?.attemptLimit, opened?.error]).to.deep.equal([
      "Submitted",
      2,
      4,
      null,
    ]);
  });

  it("lists every ended job whose message is not marked, and no marked one", async () => {
    const job = await claimed();
    await store.cancel(job.id, "cancelled");
    const ids = async () => {
      const found: string[] = [];
      for await (const { id } of store.unnotified()) found.push(id);
      return found;
    };
    expect(await ids()).to.include(job.id);
    expect(await store.markNotified(job.id, 1)).to.equal(true);
    expect(await store.markNotified(job.id, 1)).to.equal(false);
    expect(await ids()).not.to.include(job.id);
  });

  it("pages through a status, newest first, without losing any", async () => {
    const made: string[] = [];
    for (let number = 0; number < 60; number += 1) made.push((await claimed()).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list("Submitted", { limit: 7, cursor });
      seen.push(...page.jobs.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).to.equal(seen.length);
    expect(seen).to.include.members(made);
  });

  it("finds a job by its source and by its engine's job", async () => {
    const job = await claimed();
    await store.recordStart(job.id, 1, "task-of-mine");
    expect((await store.bySource("input", job.source.key)).map(({ id }) => id)).to.deep.equal([job.id]);
    expect((await store.byEngineJob("task-of-mine"))?.id).to.equal(job.id);
  });

  it("gives as many slots an hour as the limit says, however many ask at once", async () => {
    const asked = await Promise.all(
      Array.from({ length: 12 }, () => store.takeHourlySlot("2026-11-21T03", 5)),
    );
    expect(asked.filter((given) => given)).to.have.length(5);
  });
});
