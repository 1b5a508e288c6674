import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import { toItem } from "../adapters/aws/job-item.ts";
import { createDynamoJobStore } from "../adapters/aws/job-store.ts";
import { localTableNames, openDatabase } from "../adapters/local/database.ts";
import { toApiCursor } from "../lambdas/api/job-list.ts";
import { addJobOperations } from "../lambdas/api/jobs.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { computeJobId } from "../pipeline/jobs/job-id.ts";
import { listJobs } from "../pipeline/jobs/list-jobs.ts";
import { encodeCursor } from "../pipeline/ports/page-cursor.ts";
import { formatCreatedAtId } from "../pipeline/ports/tables.ts";
import { listen } from "../runtime/server/listen.ts";
import { percentile } from "./measure.ts";
import type { BenchResult } from "./result.ts";
import { writeItems } from "./write-items.ts";

const jobCounts = { few: 1000, many: 100_000 };
/** Jobs per page, the default of `GET /jobs`. */
const pageSize = 100;
const requestCount = 200;

/** Jobs of one object each, a second apart, oldest first. One in fifty has not ended. */
const makeJobs = (count: number): readonly Job[] =>
  Array.from({ length: count }, (_, index) => {
    const source = { bucket: "input", key: `videos/lesson ${index}.mov`, versionId: "1", bytes: 1e9 };
    const createdAt = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
    const isOpen = index % 50 === 0;
    const output = { bytes: 5e8, durationSeconds: 600, width: 1280, height: 720, videoCodec: "h264" };
    return {
      id: computeJobId(source, "videos"),
      route: "videos",
      engine: "ffmpeg",
      recipe: "transcode",
      status: isOpen ? "Progressing" : "Complete",
      attempt: 1,
      maxAttempts: 3,
      source,
      specification: null,
      progress: isOpen ? { percent: 40, phase: "encoding" } : { percent: 100, phase: "complete" },
      outputs: isOpen ? [] : [{ key: `videos/lesson ${index}.mp4`, ...output }],
      error: null,
      createdAt,
      updatedAt: createdAt,
      history: [{ at: createdAt, status: "Submitted", attempt: 1, detail: "claimed" }],
    };
  });

const openServer = async (directory: string, jobs: readonly Job[]) => {
  const database = await openDatabase({ directory });
  await writeItems(database.client, localTableNames.jobs, jobs.map(toItem));
  const store = createDynamoJobStore(database.client, localTableNames.jobs, { now: () => new Date() });
  const server = await listen(0);
  const noop = () => undefined;
  const unused = (): never => {
    throw new Error("The benchmark only lists jobs.");
  };
  const app = new OpenAPIHono();
  addJobOperations(
    app,
    {
      jobs: {
        inputBucket: "input",
        async list(query) {
          const page = await listJobs(store, query);
          return { ...page, jobs: page.jobs.map((job) => ({ job, paths: {} })) };
        },
        find: unused,
        cancel: unused,
        retry: unused,
        listEngines: () => [],
      },
      log: { info: noop, warn: noop, error: console.error },
    },
    noop,
  );
  server.serve(new Hono().route("/", app));
  return {
    /** Lists the page after a job, which no earlier request has read. @returns milliseconds */
    async list(after: Job | undefined): Promise<number> {
      if (after === undefined) throw new Error("The job does not exist.");
      const cursor = toApiCursor(encodeCursor(formatCreatedAtId(after)));
      const startMs = performance.now();
      const response = await fetch(`http://127.0.0.1:${server.port}/jobs?limit=${pageSize}&cursor=${cursor}`);
      const { jobs: listed } = (await response.json()) as { readonly jobs: readonly unknown[] };
      const elapsedMs = performance.now() - startMs;
      if (listed.length !== pageSize) throw new Error(`A page has ${listed.length} jobs.`);
      return elapsedMs;
    },
    async close() {
      await server.close();
      await database.close();
    },
  };
};

/** Measures `GET /jobs` over HTTP with many jobs in the embedded database, against few, in pairs that run in turn. */
export const benchJobList = async (): Promise<readonly BenchResult[]> => {
  const directory = await mkdtemp(join(tmpdir(), "reelway-bench-"));
  const jobs = { few: makeJobs(jobCounts.few), many: makeJobs(jobCounts.many) };
  const few = await openServer(join(directory, "few"), jobs.few);
  const many = await openServer(join(directory, "many"), jobs.many);
  try {
    const times: { few: number[]; many: number[] } = { few: [], many: [] };
    for (let request = 0; request < requestCount; request += 1) {
      const position = (request + 0.5) / requestCount;
      const findJob = (list: readonly Job[]) =>
        list[pageSize + Math.floor((list.length - pageSize) * position)];
      times.few.push(await few.list(findJob(jobs.few)));
      times.many.push(await many.list(findJob(jobs.many)));
    }
    const count = jobCounts.many.toLocaleString("en");
    return [
      { name: `GET /jobs with ${count} jobs, p50`, value: percentile(times.many, 50), unit: "ms" },
      { name: `GET /jobs with ${count} jobs, p99`, value: percentile(times.many, 99), unit: "ms" },
      {
        name: `GET /jobs with ${count} jobs, p50 relative to ${jobCounts.few.toLocaleString("en")} jobs`,
        value: percentile(times.many, 50) / percentile(times.few, 50),
        unit: "×",
        target: { atMost: 1.5 },
      },
    ];
  } finally {
    await few.close();
    await many.close();
    await rm(directory, { recursive: true, force: true });
  }
};
