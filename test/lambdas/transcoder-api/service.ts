import type { AddressInfo } from "node:net";
import { ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import { serve } from "@hono/node-server";
import { createDynamoTranscoderStore } from "../../../adapters/aws/transcoder-store.ts";
import { localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import { noMetrics } from "../../../adapters/local/metrics.ts";
import { createTranscoderApi } from "../../../lambdas/transcoder-api/app.ts";
import type { Pipeline } from "../../../pipeline/elastic-transcoder/jobs/job.ts";
import type { MetricName, Metrics } from "../../../pipeline/ports/metrics.ts";
import type { Notification } from "../../../pipeline/ports/notifier.ts";
import type { TranscoderKey } from "../../../pipeline/ports/secrets.ts";

export const pipelineId = "1111111111111-reelwy";
const config = { Bucket: "output", StorageClass: "Standard" as const, Permissions: [] };
export const pipeline: Pipeline = {
  Id: pipelineId,
  Arn: `arn:aws:elastictranscoder:us-east-1:000000000000:pipeline/${pipelineId}`,
  Name: "reelway",
  Status: "Active",
  InputBucket: "input",
  OutputBucket: "output",
  Role: "arn:aws:iam::000000000000:role/reelway",
  Notifications: { Progressing: "", Completed: "completed-topic", Warning: "", Error: "error-topic" },
  ContentConfig: config,
  ThumbnailConfig: config,
};
export const limits = { maxSourceMinutes: 60, maxVideoPixels: 1e8, maxImagePixels: 1e8 };
export const keys: readonly TranscoderKey[] = [
  { accessKeyId: "FULLKEY", secretAccessKey: "full secret", scope: "full" },
  { accessKeyId: "READKEY", secretAccessKey: "read secret", scope: "read" },
];

/** Found only after the secret is read again. */
const freshKeys: readonly TranscoderKey[] = [
  { accessKeyId: "FRESHKEY", secretAccessKey: "fresh secret", scope: "full" },
];

/** The service on a free loopback port with an empty database, and what it sent. */
export const startService = async () => {
  const database = await openDatabase();
  const clock = { now: () => new Date() };
  const store = createDynamoTranscoderStore(database.client, localTableNames.transcoder, clock);
  await store.createPipeline(pipeline);
  const dispatchRequests: unknown[] = [];
  const published: { topic: string; notification: Notification }[] = [];
  const logged: string[] = [];
  const line = (message: string) => void logged.push(message);
  const log = { info: line, warn: line, error: line };
  const counted: MetricName[] = [];
  const metrics: Metrics = { ...noMetrics, count: (name) => void counted.push(name) };
  const dispatcherQueue = { send: async (message: unknown) => void dispatchRequests.push(message) };
  const notifier = {
    publish: async (topic: string, notification: Notification) =>
      void published.push({ topic, notification }),
  };
  const app = createTranscoderApi({
    store,
    secrets: {
      readTranscoderKeys: async ({ forceRefresh = false } = {}) =>
        forceRefresh ? [...keys, ...freshKeys] : keys,
    },
    dispatcherQueue,
    scope: { region: "us-east-1", account: "000000000000" },
    limits,
    clock,
    log,
  });
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>(
    (resolve) => {
      const listening = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (info: AddressInfo) =>
        resolve({ server: listening, port: info.port }),
      );
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  const client = (
    key: Omit<TranscoderKey, "scope"> = { accessKeyId: "FULLKEY", secretAccessKey: "full secret" },
  ) => new ElasticTranscoderClient({ endpoint, region: "us-east-1", credentials: key, maxAttempts: 1 });
  return {
    endpoint,
    client,
    store,
    clock,
    log,
    logged,
    metrics,
    counted,
    dispatchRequests,
    published,
    dispatcher: dispatcherQueue,
    notifier,
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await database.close();
    },
  };
};
export type Service = Awaited<ReturnType<typeof startService>>;
