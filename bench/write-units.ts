import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoJobStore } from "../adapters/aws/job-store.ts";
import { createDynamoTranscoderStore } from "../adapters/aws/transcoder-store.ts";
import { localTableNames, openDatabase } from "../adapters/local/database.ts";
import { createJobAttemptStore } from "../docker/ffmpeg/attempt-store/job-attempt-store.ts";
import { createTranscoderAttemptStore } from "../docker/ffmpeg/attempt-store/transcoder-attempt-store.ts";
import type { AttemptReport, JobOutput } from "../pipeline/attempts/report.ts";
import { parseConfiguration } from "../pipeline/configuration/schema.ts";
import { parseCreateJob } from "../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { buildTranscoderJob } from "../pipeline/elastic-transcoder/jobs/build-job.ts";
import { systemPresets } from "../pipeline/elastic-transcoder/presets/system-presets.ts";
import type { AttemptStore } from "../pipeline/jobs/attempt.ts";
import { buildJob } from "../pipeline/jobs/build-job.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import type { Probe } from "../pipeline/media/probe.ts";
import { jobsTable, transcoderTable } from "../pipeline/ports/tables.ts";
import { priceTable } from "../pipeline/prices/price-table.ts";
import configured from "../reelway.config.ts";
import { countRequestUnits, type RequestUnits } from "./request-units.ts";
import type { BenchResult } from "./result.ts";
import { benchPipeline } from "./transcoder.ts";

/** The worker's default on AWS. */
const progressPeriodSeconds = 10;
const taskSeconds = 3600;
const configuration = parseConfiguration(configured);
const sourceKeyStem = "lessons/2026/physics 101/week 03 recording";
const video = {
  index: 0,
  codec: "h264",
  codedWidth: 1920,
  codedHeight: 1080,
  width: 1920,
  height: 1080,
  rotation: 0,
  frameRate: 29.97,
  pixelFormat: "yuv420p",
  interlaced: false,
  durationSeconds: taskSeconds,
} as const;
const probe: Probe = {
  formats: ["mov", "mp4", "m4a", "3gp", "3g2", "mj2"],
  durationSeconds: taskSeconds,
  bytes: 3e9,
  bitRate: 6_600_000,
  video,
};

const buildReport = (outputKeys: readonly string[]): AttemptReport => ({
  outputs: outputKeys.map(
    (key): JobOutput => ({
      key,
      bytes: 5e8,
      durationSeconds: taskSeconds,
      width: 1280,
      height: 720,
      frameRate: 29.97,
      videoCodec: "h264",
      audioCodec: "aac",
    }),
  ),
  warnings: [],
});

/** The simulated time. */
const createClock = () => {
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    now: () => new Date(nowMs),
    advance(seconds: number): void {
      nowMs += seconds * 1000;
    },
  };
};
type SimulatedClock = ReturnType<typeof createClock>;

/** Does what a worker writes in an hour: probe, progress, publishing and report. */
const runAttempt = async (
  attemptStore: AttemptStore,
  clock: SimulatedClock,
  outputKeys: readonly string[],
): Promise<AttemptReport> => {
  await attemptStore.begin("5f1c1f53-8f0d-4c39-9d0c-2a1a0c0b7d5e");
  await attemptStore.recordPhase({ percent: 1, phase: "probing" }, probe);
  const beatCount = taskSeconds / progressPeriodSeconds;
  for (let beat = 1; beat <= beatCount; beat += 1) {
    clock.advance(progressPeriodSeconds);
    const percent = 2 + Math.floor((90 * beat) / beatCount);
    if (!(await attemptStore.recordProgress({ percent, phase: "encoding" })))
      throw new Error("The attempt is lost.");
  }
  await attemptStore.recordPhase({ percent: 95, phase: "publishing" });
  const report = buildReport(outputKeys);
  await attemptStore.recordReport(report);
  return report;
};

const openStores = async () => {
  const database = await openDatabase();
  const client = new DynamoDBClient({
    endpoint: "http://127.0.0.1",
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: database.client.config.requestHandler,
  });
  const clock = createClock();
  return {
    clock,
    jobs: createDynamoJobStore(client, localTableNames.jobs, clock),
    transcoder: createDynamoTranscoderStore(client, localTableNames.transcoder, clock),
    units: countRequestUnits(client, database.client, {
      [localTableNames.jobs]: jobsTable,
      [localTableNames.transcoder]: transcoderTable,
    }),
    async close(): Promise<void> {
      client.destroy();
      await database.close();
    },
  };
};
type Stores = Awaited<ReturnType<typeof openStores>>;

/** Claims the job of an upload, as the router does. */
const claimJob = async ({ jobs, clock }: Stores, routeName: string): Promise<Job> => {
  const route = configuration.routes.find(({ name }) => name === routeName);
  if (route === undefined) throw new Error(`Route ${routeName} does not exist.`);
  const key = `${route.prefix}${sourceKeyStem}${route.extensions[0]}`;
  const job = buildJob(
    route,
    { bucket: "reelway-prod-input", key, bytes: 3e9, versionId: "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY" },
    {
      configuration,
      outputBucket: "reelway-prod-output",
      now: clock.now().toISOString(),
      metadata: { "reelway-owner": "f5b1a2c4-7a5c-4b52-9a2d-0c7f4f0a9e11" },
    },
  );
  await jobs.claim(job);
  const hour = job.createdAt.slice(0, 13);
  await jobs.takeHourlySlot(hour, 1000);
  await jobs.recordSlot(job.id, 1, hour);
  return job;
};

/** One hour of a task of the recipe `ladder`, from the upload to the notification. */
const runLadderJob = async (stores: Stores): Promise<void> => {
  const { jobs, clock } = stores;
  const { id, specification } = await claimJob(stores, "ladder");
  await jobs.recordStart(
    id,
    1,
    `arn:aws:ecs:us-east-1:123456789012:task/reelway-prod/${"0a1b2c3d".repeat(4)}`,
  );
  const report = await runAttempt(createJobAttemptStore(jobs, id, 1), clock, specification?.outputKeys ?? []);
  await jobs.closeJob(id, 1, { status: "Complete", outputs: report.outputs, detail: "complete" });
  await jobs.markNotified(id, 1);
};

/** One hour of a task of the transcoder service, for the job of an upload. */
const runTranscoderJob = async (stores: Stores): Promise<void> => {
  const { jobs, transcoder, clock } = stores;
  const job = await claimJob(stores, "web");
  const outputKeys = job.specification?.outputKeys ?? [];
  const transcoderJob = buildTranscoderJob(
    parseCreateJob({
      PipelineId: benchPipeline.Id,
      Input: { Key: job.source.key },
      Outputs: outputKeys.map((Key) => ({ Key, PresetId: "1351620000001-000010" })),
      UserMetadata: { "reelway-job": job.id, "reelway-attempt": "1", "reelway-route": "web" },
    }),
    {
      pipeline: benchPipeline,
      presets: new Map(systemPresets.map((preset) => [preset.Id, preset])),
      limits: { maxSourceMinutes: 600, maxVideoPixels: 1e8, maxImagePixels: 1e8 },
      now: clock.now().getTime(),
    },
  );
  const { id } = transcoderJob;
  await transcoder.create(transcoderJob);
  await jobs.recordStart(job.id, 1, id);
  await transcoder.recordTask(
    id,
    1,
    `arn:aws:ecs:us-east-1:123456789012:task/reelway-prod/${"0a1b2c3d".repeat(4)}`,
  );
  const attemptStore = createTranscoderAttemptStore(transcoder, jobs, id, 1);
  const report = await runAttempt(attemptStore, clock, outputKeys);
  await transcoder.closeJob(id, 1, { status: "Complete", outputs: transcoderJob.outputs, playlists: [] });
  await transcoder.markNotified(id, 1);
  await jobs.closeJob(job.id, 1, { status: "Complete", outputs: report.outputs, detail: "complete" });
  await jobs.markNotified(job.id, 1);
};

const describe = (name: string, { written, read }: RequestUnits): readonly BenchResult[] => {
  const { perMillionWriteRequestUnits, perMillionReadRequestUnits } = priceTable.services.dynamodb;
  const usd = (written * perMillionWriteRequestUnits + read * perMillionReadRequestUnits) / 1e6;
  return [
    { name: `DynamoDB in a task-hour of ${name}: write units`, value: written, unit: "units" },
    { name: `DynamoDB in a task-hour of ${name}: read units`, value: read, unit: "units" },
    { name: `DynamoDB in 1,000 task-hours of ${name}`, value: usd * 1000, unit: "$" },
  ];
};

/**
 * Counts the request units of one task-hour, at the client of the real stores, with a simulated clock. The requests of a
 * job's whole life are included.
 */
export const benchWriteUnits = async (): Promise<readonly BenchResult[]> => {
  const results: BenchResult[] = [];
  for (const [name, run] of [
    ["a ladder", runLadderJob],
    ["a transcoder job", runTranscoderJob],
  ] as const) {
    const stores = await openStores();
    try {
      await run(stores);
      results.push(...describe(name, stores.units));
    } finally {
      await stores.close();
    }
  }
  return results;
};
