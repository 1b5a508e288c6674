import { expect } from "chai";
import * as fc from "fast-check";
import type { Job } from "../../../pipeline/jobs/job.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import { type JobQuery, listJobs } from "../../../pipeline/jobs/list-jobs.ts";
import { decodeCursor, encodeCursor } from "../../../pipeline/ports/page-cursor.ts";
import { formatCreatedAtId } from "../../../pipeline/ports/tables.ts";
import { listedJob } from "../../runtime/server/listed-job.ts";

/** A store of jobs in memory, newest first, which counts its reads. */
const createStore = (jobs: readonly Job[]) => {
  const readSizes: number[] = [];
  const list = async (_: unknown, { limit = 50, cursor }: Parameters<JobStore["list"]>[1] = {}) => {
    readSizes.push(limit);
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rest = jobs.filter((job) => after === undefined || formatCreatedAtId(job) < after);
    const last = rest.length > limit ? rest[limit - 1] : undefined;
    return {
      jobs: rest.slice(0, limit),
      ...(last === undefined ? {} : { cursor: encodeCursor(formatCreatedAtId(last)) }),
    };
  };
  return { readSizes, store: { list, listByOwner: list, listBySource: list } };
};

/** Jobs of which every `step`th is of the route `wanted`, newest first. */
const createJobs = (count: number, step: number): readonly Job[] =>
  Array.from({ length: count }, (_, index) => ({
    ...listedJob(String(index)).job,
    route: index % step === 0 ? "wanted" : "other",
    createdAt: new Date(Date.UTC(2026, 0, 1) - index * 1000).toISOString(),
  }));

const readAllPages = async (store: ReturnType<typeof createStore>["store"], query: JobQuery) => {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listJobs(store, { ...query, cursor });
    expect(page.jobs.length).to.be.at.most(query.limit);
    ids.push(...page.jobs.map(({ id }) => id));
    if (page.cursor === undefined) return ids;
    cursor = page.cursor;
  }
};

describe("listJobs", () => {
  it("lists every job that matches once, whatever their share and the length of a page", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2500 }),
        fc.integer({ min: 1, max: 1500 }),
        fc.integer({ min: 1, max: 1000 }),
        async (count, step, limit) => {
          const jobs = createJobs(count, step);
          const ids = await readAllPages(createStore(jobs).store, { route: "wanted", limit });
          expect(ids).to.deep.equal(jobs.filter(({ route }) => route === "wanted").map(({ id }) => id));
        },
      ),
      { numRuns: 50 },
    ));

  it("filters by the code of the error and by the time of creation", async () => {
    const jobs = createJobs(5, 1).map((job, index) =>
      index === 3
        ? job
        : { ...job, error: { code: 4005, name: "LimitExceeded", message: "", retryable: false } },
    );
    const { store } = createStore(jobs);
    const createdFrom = jobs[3]?.createdAt;
    const createdBefore = jobs[1]?.createdAt;
    const list = async (filter: Omit<JobQuery, "limit">) =>
      (await listJobs(store, { ...filter, limit: 10 })).jobs.map((job) => jobs.indexOf(job));
    expect(await list({ createdFrom, createdBefore })).to.eql([2, 3]);
    expect(await list({ errorCode: 4005, createdFrom })).to.eql([0, 1, 2]);
  });

  it("ends a page without matches after a thousand jobs and two reads", async () => {
    const { store, readSizes } = createStore(createJobs(5000, 6000).slice(1));
    const page = await listJobs(store, { route: "wanted", limit: 50 });
    expect(page.jobs).to.deep.equal([]);
    expect(page.cursor).to.be.a("string");
    expect(readSizes).to.deep.equal([100, 900]);
  });

  it("reads as many more jobs as will probably complete the page", async () => {
    const { store, readSizes } = createStore(createJobs(5000, 4));
    const page = await listJobs(store, { route: "wanted", limit: 50 });
    expect(page.jobs).to.have.length(50);
    expect(readSizes).to.deep.equal([100, 125]);
  });

  it("reads exactly a page of jobs that need no filter", async () => {
    const { store, readSizes } = createStore(createJobs(500, 1));
    await listJobs(store, { limit: 50 });
    expect(readSizes).to.deep.equal([50]);
  });
});
