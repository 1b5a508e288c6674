import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  ElasticTranscoderClient,
  ListJobsByPipelineCommand,
  ListJobsByStatusCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { createDynamoTranscoderStore } from "../adapters/aws/transcoder-store.ts";
import { localTableNames, openDatabase } from "../adapters/local/database.ts";
import { createTranscoderApi } from "../lambdas/transcoder-api/app.ts";
import { parseCreateJob } from "../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { buildTranscoderJob } from "../pipeline/elastic-transcoder/jobs/build-job.ts";
import type { Pipeline, TranscoderJob } from "../pipeline/elastic-transcoder/jobs/job.ts";
import { findSystemPreset } from "../pipeline/elastic-transcoder/presets/system-presets.ts";
import { encodeCursor } from "../pipeline/ports/page-cursor.ts";
import type { TranscoderKey } from "../pipeline/ports/secrets.ts";
import { computeStatusShard, formatCreatedAtId } from "../pipeline/ports/tables.ts";
import { listen } from "../runtime/server/listen.ts";
import { median } from "./measure.ts";
import type { BenchResult } from "./result.ts";
import { writeItems } from "./write-items.ts";

const queuedJobCount = 100_000;
/** Entries per page of the API. */
const pageSize = 50;
const repetitions = 15;
const clock = { now: () => new Date() };
const limits = { maxSourceMinutes: 600, maxVideoPixels: 1e8, maxImagePixels: 1e8 };
const key: TranscoderKey = { accessKeyId: "BENCH", secretAccessKey: "bench", scope: "full" };
const outputConfig = { Bucket: "output", StorageClass: "Standard" as const, Permissions: [] };
/** A paused pipeline. */
export const benchPipeline: Pipeline = {
  Id: "1111111111111-benchm",
  Arn: "arn:aws:elastictranscoder:us-east-1:000000000000:pipeline/1111111111111-benchm",
  Name: "bench",
  Status: "Paused",
  InputBucket: "input",
  Role: "arn:aws:iam::000000000000:role/bench",
  Notifications: { Progressing: "", Completed: "", Warning: "", Error: "" },
  ContentConfig: outputConfig,
  ThumbnailConfig: outputConfig,
};
const presetId = "1351620000001-100070";

/** Creates submitted jobs one millisecond apart, like CreateJob. */
const makeJobs = (): readonly TranscoderJob[] => {
  const preset = findSystemPreset(presetId);
  if (preset === undefined) throw new Error(`Preset ${presetId} does not exist.`);
  const presets = new Map([[presetId, preset]]);
  const firstArrivalMs = Date.now() - queuedJobCount;
  return Array.from({ length: queuedJobCount }, (_, index) => {
    const body = parseCreateJob({
      PipelineId: benchPipeline.Id,
      Input: { Key: `uploads/${index}.mov` },
      Outputs: [{ Key: `${index}.mp4`, PresetId: presetId }],
    });
    return buildTranscoderJob(body, {
      pipeline: benchPipeline,
      presets,
      limits,
      now: firstArrivalMs + index,
    });
  });
};

/** Writes jobs in the store's format. */
const writeJobs = (client: DynamoDBClient, jobs: readonly TranscoderJob[]): Promise<void> =>
  writeItems(
    client,
    localTableNames.transcoder,
    jobs.map((job) => ({
      ...job,
      createdAtId: formatCreatedAtId(job),
      statusShard: computeStatusShard(job.status, job.id),
      pending: formatCreatedAtId(job),
    })),
  );

/** Creates the token of the page after a job. */
const createPageToken = (job: TranscoderJob | undefined): string => {
  if (job === undefined) throw new Error("The job does not exist.");
  return Buffer.from(encodeCursor(formatCreatedAtId(job))).toString("base64url");
};

/** Measures the time of the first and the last page of each list, with a long queue in the embedded database. */
export const benchTranscoder = async (): Promise<readonly BenchResult[]> => {
  const directory = await mkdtemp(join(tmpdir(), "reelway-bench-"));
  const database = await openDatabase({ directory });
  const server = await listen(0);
  try {
    const store = createDynamoTranscoderStore(database.client, localTableNames.transcoder, clock);
    await store.createPipeline(benchPipeline);
    const jobs = makeJobs();
    await writeJobs(database.client, jobs);
    const noop = () => undefined;
    server.serve(
      createTranscoderApi({
        store,
        secrets: { readTranscoderKeys: async () => [key] },
        dispatcherQueue: { send: async () => undefined },
        scope: { region: "us-east-1", account: "000000000000" },
        limits,
        clock,
        log: { info: noop, warn: noop, error: noop },
      }),
    );
    const client = new ElasticTranscoderClient({
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${server.port}`,
      credentials: key,
    });
    const pages = [
      ["first", undefined],
      ["last", createPageToken(jobs.at(-pageSize - 1))],
    ] as const;
    const lists = {
      ListJobsByPipeline: (PageToken: string | undefined) =>
        client.send(
          new ListJobsByPipelineCommand({ PipelineId: benchPipeline.Id, Ascending: "true", PageToken }),
        ),
      ListJobsByStatus: (PageToken: string | undefined) =>
        client.send(new ListJobsByStatusCommand({ Status: "Submitted", Ascending: "true", PageToken })),
    };
    const results: BenchResult[] = [];
    for (const [name, list] of Object.entries(lists))
      for (const [position, token] of pages) {
        const times: number[] = [];
        for (let repetition = 0; repetition < repetitions; repetition += 1) {
          const startMs = performance.now();
          const { Jobs: listedJobs = [] } = await list(token);
          times.push(performance.now() - startMs);
          const expected = position === "first" ? jobs[0] : jobs.at(-pageSize);
          if (listedJobs.length !== pageSize || listedJobs[0]?.Id !== expected?.id)
            throw new Error(`${name} did not return its ${position} page.`);
        }
        results.push({
          name: `${name}, ${position} page of ${queuedJobCount.toLocaleString("en")} jobs`,
          value: median(times),
          unit: "ms",
          target: { atMost: 50 },
        });
      }
    return results;
  } finally {
    await server.close();
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
};
