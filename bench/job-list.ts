import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toApiCursor } from "../lambdas/api/job-list.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { encodeCursor } from "../pipeline/ports/page-cursor.ts";
import { formatCreatedAtId } from "../pipeline/ports/tables.ts";
import { type ListServer, makeJobs, openListServer } from "./list-server.ts";
import { percentile } from "./measure.ts";
import type { BenchResult } from "./result.ts";

/** Jobs per page, the default of `GET /jobs`. */
const pageSize = 100;
const requestCount = 200;

interface ListPair {
  /** Shown in results. */
  readonly name: string;
  readonly jobCounts: { readonly few: number; readonly many: number };
  /** Sends one request, which no earlier request has read. @returns milliseconds */
  measure(server: ListServer, jobs: readonly Job[], request: number): Promise<number>;
}

/** Measures a list with many jobs in the embedded database, against few, in pairs that run in turn. */
const benchPair = async ({ name, jobCounts, measure }: ListPair): Promise<readonly BenchResult[]> => {
  const directory = await mkdtemp(join(tmpdir(), "reelway-bench-"));
  const jobs = { few: makeJobs(jobCounts.few), many: makeJobs(jobCounts.many) };
  const few = await openListServer(join(directory, "few"), jobs.few);
  const many = await openListServer(join(directory, "many"), jobs.many);
  try {
    const times: { few: number[]; many: number[] } = { few: [], many: [] };
    for (let request = 0; request < requestCount; request += 1) {
      times.few.push(await measure(few, jobs.few, request));
      times.many.push(await measure(many, jobs.many, request));
    }
    const count = jobCounts.many.toLocaleString("en");
    return [
      { name: `${name} with ${count} jobs, p50`, value: percentile(times.many, 50), unit: "ms" },
      { name: `${name} with ${count} jobs, p99`, value: percentile(times.many, 99), unit: "ms" },
      {
        name: `${name} with ${count} jobs, p50 relative to ${jobCounts.few.toLocaleString("en")} jobs`,
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

/** Measures `GET /jobs` over HTTP: pages from the first to the last. */
export const benchJobList = (): Promise<readonly BenchResult[]> =>
  benchPair({
    name: "GET /jobs",
    jobCounts: { few: 1000, many: 100_000 },
    async measure(server, jobs, request) {
      const position = (request + 0.5) / requestCount;
      const after = jobs[pageSize + Math.floor((jobs.length - pageSize) * position)];
      if (after === undefined) throw new Error("The job does not exist.");
      const cursor = toApiCursor(encodeCursor(formatCreatedAtId(after)));
      const { body, elapsedMs } = await server.get<{ readonly jobs: readonly unknown[] }>(
        `/jobs?limit=${pageSize}&cursor=${cursor}`,
      );
      if (body.jobs.length !== pageSize) throw new Error(`A page has ${body.jobs.length} jobs.`);
      return elapsedMs;
    },
  });

/** Measures `GET /videos?q=TEXT` over HTTP, with texts that no key has: as many jobs as possible are read for a page. */
export const benchVideoSearch = (): Promise<readonly BenchResult[]> =>
  benchPair({
    name: "GET /videos?q=TEXT",
    jobCounts: { few: 1000, many: 10_000 },
    async measure(server, _, request) {
      const { body, elapsedMs } = await server.get<{ readonly videos: readonly unknown[] }>(
        `/videos?q=x${request}`,
      );
      if (body.videos.length !== 0) throw new Error(`${body.videos.length} videos match.`);
      return elapsedMs;
    },
  });
