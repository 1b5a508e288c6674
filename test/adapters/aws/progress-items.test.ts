import { expect } from "chai";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { type LocalDatabase, localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import { createHookedClient, type HookedClient } from "./hooked-client.ts";

const createdAt = "2026-11-21T03:00:00.000Z";
const crash = () => Promise.reject(new Error("crash"));
const encoding = (percent: number) => ({ percent, phase: "encoding" });

/** A write of progress reads the record, then writes another item: these are the cases between the two. */
describe("the progress of a job, in an item of its own", () => {
  let database: LocalDatabase;
  let hooked: HookedClient;
  /** The worker's store, whose requests the hooks see. */
  let worker: JobStore;
  /** The store of everybody else. */
  let others: JobStore;
  let count = 0;
  let job: Job;

  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    const clock = { now: () => new Date() };
    hooked = createHookedClient(database);
    worker = createDynamoJobStore(hooked.client, localTableNames.jobs, clock);
    others = createDynamoJobStore(database.client, localTableNames.jobs, clock);
    count += 1;
    job = {
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
      createdAt,
      updatedAt: createdAt,
      history: [],
    };
    await others.claim(job);
    await worker.begin(job.id, 1, "one");
    await worker.recordProgress(job.id, 1, "one", encoding(10));
  });
  afterEach(() => hooked.client.destroy());

  it("costs one read and one write, which is in no index", async () => {
    hooked.requests.length = 0;
    await worker.recordProgress(job.id, 1, "one", encoding(20));
    expect(hooked.requests).to.eql([`GetItem ${localTableNames.jobs}`, `PutItem ${localTableNames.jobs}`]);
  });

  it("does not change if the worker crashes between the read and the write, and can go on", async () => {
    hooked.setHook("PutItem", crash);
    const failure = await worker.recordProgress(job.id, 1, "one", encoding(20)).catch((cause) => cause);
    expect(failure).to.be.an("error");
    expect((await others.read(job.id))?.progress).to.eql(encoding(10));
    hooked.setHook("PutItem", undefined);
    expect(await worker.recordProgress(job.id, 1, "one", encoding(20))).to.equal(true);
  });

  it("is not written by a worker whose attempt another one has continued since the read", async () => {
    hooked.setHook("PutItem", async () => {
      await others.scheduleNextAttempt(job.id, 1, createdAt, "lost");
      await others.begin(job.id, 2, "two");
      await others.recordProgress(job.id, 2, "two", encoding(5));
    });
    expect(await worker.recordProgress(job.id, 1, "one", encoding(20))).to.equal(false);
    expect(await others.read(job.id)).to.deep.include({ attempt: 2, progress: encoding(5) });
  });

  it("neither reopens nor hides a cancellation since the read; the next write is refused", async () => {
    hooked.setHook("PutItem", async () => {
      await others.cancel(job.id, "canceled");
    });
    await worker.recordProgress(job.id, 1, "one", encoding(20));
    expect((await others.read(job.id))?.status).to.equal("Canceled");
    hooked.requests.length = 0;
    expect(await worker.recordProgress(job.id, 1, "one", encoding(30))).to.equal(false);
    expect(hooked.requests, "no write").to.eql([`GetItem ${localTableNames.jobs}`]);
  });

  it("of a removed record is replaced by that of a new one with the same id", async () => {
    await others.scheduleNextAttempt(job.id, 1, createdAt, "lost");
    await worker.begin(job.id, 2, "two");
    await worker.recordProgress(job.id, 2, "two", encoding(60));
    await others.cancel(job.id, "canceled");
    let removals = 0;
    hooked.setHook("DeleteItem", async () => {
      removals += 1;
      if (removals > 1) await crash();
    });
    expect(await worker.remove(job.id).catch((cause) => cause)).to.be.an("error");
    expect(await others.read(job.id)).to.equal(undefined);

    await others.claim({ ...job, createdAt: "2026-11-22T03:00:00.000Z" });
    const begun = await others.begin(job.id, 1, "three");
    expect(await others.read(job.id)).to.eql(begun);
    expect(await others.recordProgress(job.id, 1, "three", encoding(1))).to.equal(true);
    expect((await others.read(job.id))?.progress).to.eql(encoding(1));
  });
});
