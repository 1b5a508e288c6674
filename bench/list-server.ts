import { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import { toItem } from "../adapters/aws/job-item.ts";
import { createDynamoJobStore } from "../adapters/aws/job-store.ts";
import { createDynamoResponseStore } from "../adapters/aws/response-store.ts";
import { localTableNames, openDatabase } from "../adapters/local/database.ts";
import { addJobOperations } from "../lambdas/api/jobs.ts";
import type { ApiJobs } from "../lambdas/api/ports.ts";
import { createVideoReader } from "../lambdas/api/video-reader.ts";
import { addVideoOperations } from "../lambdas/api/videos.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { computeJobId } from "../pipeline/jobs/job-id.ts";
import { listJobs } from "../pipeline/jobs/list-jobs.ts";
import { listen } from "../runtime/server/listen.ts";
import { writeItems } from "./write-items.ts";

/** Jobs of one object each, a second apart, oldest first. One in fifty has not ended. */
export const makeJobs = (count: number): readonly Job[] =>
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

/** A server of the lists of jobs and videos over HTTP. */
export interface ListServer {
  /** @returns the body and the milliseconds until it was read */
  get<Body>(path: string): Promise<{ readonly body: Body; readonly elapsedMs: number }>;
  close(): Promise<void>;
}

/** Serves the lists of jobs in an embedded database. @param directory of the database */
export const openListServer = async (directory: string, jobs: readonly Job[]): Promise<ListServer> => {
  const database = await openDatabase({ directory });
  await writeItems(database.client, localTableNames.jobs, jobs.map(toItem));
  const clock = { now: () => new Date() };
  const store = createDynamoJobStore(database.client, localTableNames.jobs, clock);
  const responses = createDynamoResponseStore(database.client, localTableNames.responses);
  const server = await listen(0);
  const noop = () => undefined;
  const unused = (): never => {
    throw new Error("The benchmark only lists jobs.");
  };
  const apiJobs: ApiJobs = {
    inputBucket: "input",
    async list(query) {
      const page = await listJobs(store, query);
      return { ...page, jobs: page.jobs.map((job) => ({ job, paths: {} })) };
    },
    find: unused,
    cancel: unused,
    retry: unused,
    listEngines: () => [],
  };
  const app = new OpenAPIHono();
  addJobOperations(
    app,
    { jobs: apiJobs, log: { info: noop, warn: noop, error: console.error } },
    undefined,
    noop,
  );
  const reader = createVideoReader({ jobs: apiJobs, videos: { store, clock }, responses });
  addVideoOperations(app, { jobs: apiJobs, reader, responses });
  server.serve(new Hono().route("/", app));
  return {
    async get<Body>(path: string) {
      const startMs = performance.now();
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
      const body = (await response.json()) as Body;
      const elapsedMs = performance.now() - startMs;
      if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
      return { body, elapsedMs };
    },
    async close() {
      await server.close();
      await database.close();
    },
  };
};
