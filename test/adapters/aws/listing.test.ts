import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { createItemStore } from "../../../adapters/aws/item-store.ts";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { type LocalDatabase, openDatabase } from "../../../adapters/local/database.ts";
import type { Job } from "../../../pipeline/jobs/job.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { jobsTable } from "../../../pipeline/ports/tables.ts";
import { collect } from "../../contract/collect.ts";
import { newTable } from "../../contract/new-table.ts";
import { createHookedClient, type HookedClient } from "./hooked-client.ts";

const createdAt = "2026-11-21T03:00:00.000Z";

/** The indexes have keys only. A job can change between the reads of the index and of the table. */
describe("a list of jobs that change while it is read", () => {
  let database: LocalDatabase;
  let hooked: HookedClient;
  /** The reader's store, whose requests the hooks see. */
  let reader: JobStore;
  /** The store of everybody else. */
  let others: JobStore;
  beforeEach(async () => {
    database = await openDatabase();
    const clock = { now: () => new Date() };
    hooked = createHookedClient(database);
    const table = await newTable(database.client, jobsTable);
    reader = createDynamoJobStore(hooked.client, table, clock);
    others = createDynamoJobStore(database.client, table, clock);
  });
  afterEach(async () => {
    hooked.client.destroy();
    await database.close();
  });

  const claimJob = async (id: string): Promise<Job> => {
    const job: Job = {
      id,
      route: "images",
      engine: "ffmpeg",
      recipe: "image",
      status: "Submitted",
      attempt: 1,
      maxAttempts: 3,
      source: { bucket: "input", key: "a.png", bytes: 1, versionId: id },
      specification: null,
      progress: { percent: 0, phase: "submitted" },
      outputs: [],
      error: null,
      createdAt,
      updatedAt: createdAt,
      history: [],
    };
    return (await others.claim(job)).job;
  };
  /** Changes a job after the index was read, once. */
  const changeBeforeRead = (operation: "BatchGetItem" | "GetItem", change: () => Promise<unknown>) =>
    hooked.setHook(operation, async () => {
      hooked.setHook(operation, undefined);
      await change();
    });
  const getIds = (jobs: readonly Job[]) => jobs.map(({ id }) => id);

  it("omits a job whose status is none of those asked for, and pages on behind it", async () => {
    for (const id of ["a", "b", "c"]) await claimJob(id);
    changeBeforeRead("BatchGetItem", () => others.cancel("b", "canceled"));
    const page = await reader.list("Submitted", { limit: 2 });
    expect(getIds(page.jobs)).to.eql(["c"]);
    const next = await reader.list("Submitted", { limit: 2, ...(page.cursor && { cursor: page.cursor }) });
    expect(getIds(next.jobs)).to.eql(["a"]);
  });

  it("keeps a job whose new status is asked for too", async () => {
    await claimJob("a");
    changeBeforeRead("BatchGetItem", () => others.cancel("a", "canceled"));
    const { jobs } = await reader.list(["Submitted", "Canceled"]);
    expect(jobs.map(({ id, status }) => [id, status])).to.eql([["a", "Canceled"]]);
  });

  it("omits such a job from all jobs of a status", async () => {
    for (const id of ["a", "b"]) await claimJob(id);
    changeBeforeRead("BatchGetItem", () => others.cancel("a", "canceled"));
    expect(getIds(await collect(reader.listAll("Submitted")))).to.eql(["b"]);
  });

  it("omits a job that was marked as notified or deleted", async () => {
    for (const id of ["a", "b", "c"]) {
      await claimJob(id);
      await others.cancel(id, "canceled");
    }
    changeBeforeRead("BatchGetItem", async () => {
      await others.markNotified("a", 1);
      await others.remove("b");
    });
    expect(getIds(await collect(reader.listUnnotified()))).to.eql(["c"]);
  });

  it("does not find a job by the task of an earlier attempt", async () => {
    await claimJob("a");
    await others.recordStart("a", 1, "task-1");
    changeBeforeRead("GetItem", () => others.scheduleNextAttempt("a", 1, createdAt, "lost"));
    expect(await reader.findByEngineJobId("task-1")).to.equal(undefined);
  });
});

describe("a read of many items", () => {
  const client = new DynamoDBClient({ region: "us-east-1" });
  after(() => client.destroy());
  afterEach(() => sinon.restore());

  /** Answers each request with the items that `select` returns of its keys; the rest is not processed. */
  const answerWith = (select: (ids: readonly string[]) => readonly string[]) => {
    const requests: number[] = [];
    sinon.stub(client, "send").callsFake(async (command: unknown): Promise<BatchGetItemCommandOutput> => {
      if (!(command instanceof BatchGetItemCommand)) throw new Error("unexpected request");
      const ids = (command.input.RequestItems?.jobs?.Keys ?? []).map(({ id }) => String(id?.S));
      requests.push(ids.length);
      const processed = select(ids);
      const rest = ids.filter((id) => !processed.includes(id));
      return {
        $metadata: {},
        Responses: { jobs: processed.map((id) => marshall({ id })) },
        UnprocessedKeys: rest.length === 0 ? {} : { jobs: { Keys: rest.map((id) => marshall({ id })) } },
      };
    });
    return requests;
  };
  const ids = Array.from({ length: 250 }, (_, index) => `job-${index}`);

  it("asks for at most 100 items a request, and again for keys that were not processed", async () => {
    const requests = answerWith((keys) => keys.slice(0, 60));
    const items = await createItemStore(client, "jobs").batchGet([...ids, ...ids]);
    expect([...items.keys()].sort()).to.eql([...ids].sort());
    expect(requests.sort((a, b) => a - b)).to.eql([40, 40, 50, 100, 100]);
  });

  it("fails as transient if the table stays throttled", async () => {
    answerWith(() => []);
    const failure = await createItemStore(client, "jobs")
      .batchGet(["job-1"])
      .catch((cause: unknown) => cause);
    expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "transient" });
  });
});
