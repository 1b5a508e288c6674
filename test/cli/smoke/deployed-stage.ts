import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ElasticTranscoder } from "@aws-sdk/client-elastic-transcoder";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { createClaimPorts } from "../../../adapters/aws/claim-ports.ts";
import { createConsoleLog } from "../../../adapters/aws/console-log.ts";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { createSnsNotifier } from "../../../adapters/aws/notifier.ts";
import { createSqsQueue } from "../../../adapters/aws/queue.ts";
import { createSecretsManagerSecrets } from "../../../adapters/aws/secrets.ts";
import { createStartPorts } from "../../../adapters/aws/start-ports.ts";
import { createDynamoTranscoderStore } from "../../../adapters/aws/transcoder-store.ts";
import { ensureTable } from "../../../adapters/local/database.ts";
import { mediaPrograms } from "../../../cli/runtime/media-programs.ts";
import { startTick } from "../../../cli/runtime/ticks.ts";
import { directVariables } from "../../../cli/runtime/upload-events.ts";
import { listen } from "../../../cli/server/listen.ts";
import { createJobEvents } from "../../../lambdas/job-events/close-jobs.ts";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { createRouter } from "../../../lambdas/router/route-uploads.ts";
import { createTranscoderApi } from "../../../lambdas/transcoder-api/app.ts";
import { createDispatcher } from "../../../lambdas/transcoder-dispatcher/dispatch.ts";
import { createTranscoderEvents } from "../../../lambdas/transcoder-events/close-transcoder-jobs.ts";
import { jobConfigurationJson } from "../../../pipeline/configuration/job-configuration.ts";
import { type ConfigurationInput, parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { deploymentNames } from "../../../pipeline/deployment/names.ts";
import { parseTaskStateChange } from "../../../pipeline/events/task-state-change.ts";
import { isJobId } from "../../../pipeline/job/id.ts";
import type { JobStore } from "../../../pipeline/ports/job-store.ts";
import { matchRoute } from "../../../pipeline/routing/match.ts";
import { jobsTable, transcoderTable } from "../../../pipeline/tables.ts";
import { routeTaskSize } from "../../../pipeline/tasks/size.ts";
import type { Moto } from "../../contract/moto.ts";
import { createBuckets, createSecret, createTopic, uploadsToQueue } from "./aws-resources.ts";
import { consume, createQueue } from "./messages.ts";
import { openWorkers, type Workers } from "./workers.ts";

/** A stage as it is on AWS once deployed, on an emulator. */
export interface DeployedStage {
  readonly inputBucket: string;
  readonly outputBucket: string;
  readonly jobs: JobStore;
  readonly workers: Workers;
  /** What a command needs in its environment to find the stage. */
  readonly environment: Readonly<Record<string, string>>;
  /** From now on nobody takes uploads; answers how to go on. */
  pauseRouter(): Promise<() => void>;
  /** What the functions have logged. */
  log(): string;
  close(): Promise<void>;
}

const stageName = "dev";
const clock = { now: () => new Date() };
const key = { accessKeyId: "RWFULL", secretAccessKey: "only for this test", scope: "full" as const };

/** moto tells the time in seconds, where EventBridge writes ISO 8601 (user guide, "Event structure"). */
const movedTime = z.looseObject({ time: z.number() });
const objectCreated = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.looseObject({ key: z.string(), size: z.number(), eTag: z.string(), "version-id": z.string() }),
  }),
});
const batch = z.object({ Records: z.array(z.looseObject({ body: z.string() })) });
const repaired = (event: unknown): { readonly Records: readonly { readonly body: string }[] } => ({
  Records: batch.parse(event).Records.map((record) => {
    const body: unknown = JSON.parse(record.body);
    const moved = movedTime.safeParse(body);
    return moved.success
      ? {
          ...record,
          body: JSON.stringify({
            ...moved.data,
            time: new Date(moved.data.time * 1000).toISOString(),
          }),
        }
      : record;
  }),
});

/** Puts a stage onto moto: buckets, tables, queues, the functions' code in this process, workers as its children. */
export const deployStage = async (
  moto: Moto,
  database: string,
  input: ConfigurationInput,
): Promise<DeployedStage> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-stage-"));
  const configuration = parseConfiguration(input);
  const found = configuration.stages[stageName];
  if (found === undefined) throw new Error("The configuration has no stage dev.");
  const names = deploymentNames({ ...found, project: configuration.project, stage: stageName });
  const { inputBucket, outputBucket, region } = found;
  const CONFIGURATION = jobConfigurationJson(configuration);
  const server = await listen(0);
  const transcoderEndpoint = `http://127.0.0.1:${server.port}`;
  const access = {
    AWS_ENDPOINT_URL: moto.client.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: database,
    AWS_ACCESS_KEY_ID: moto.client.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: moto.client.credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  const before = Object.fromEntries(Object.keys(access).map((name) => [name, process.env[name]]));
  Object.assign(process.env, access);

  const sqs = new SQSClient({});
  const sns = new SNSClient({});
  const dynamo = new DynamoDBClient({});
  await createBuckets(found);
  await createSecret(names.transcoderKeys, JSON.stringify({ keys: [key] }));
  await ensureTable(dynamo, names.jobsTable, jobsTable);
  await ensureTable(dynamo, names.transcoderTable, transcoderTable);
  const [uploads, kicks, told, direct] = await Promise.all(
    [names.router, names.transcoderDispatcher, names.jobEvents, "direct-routes"].map((name) =>
      createQueue(sqs, name),
    ),
  );
  if (uploads === undefined || kicks === undefined || told === undefined || direct === undefined)
    throw new Error("A queue is missing.");
  const jobsTopic = await createTopic(names.topic);
  const transcoderTopic = await createTopic(names.transcoderTopic, told);
  await uploadsToQueue(moto.client.endpoint, names.router, inputBucket, [""], uploads);
  const directRoutes = configuration.routes.filter(({ trigger }) => trigger === "eventbridge");
  await uploadsToQueue(
    moto.client.endpoint,
    "direct-routes",
    inputBucket,
    directRoutes.map(({ prefix }) => prefix),
    direct,
  );

  const lines: string[] = [];
  const log = createConsoleLog("stage", (line) => lines.push(line));
  const jobs = createDynamoJobStore(dynamo, names.jobsTable, clock);
  const store = createDynamoTranscoderStore(dynamo, names.transcoderTable, clock);
  const notifier = createSnsNotifier(sns);
  const dispatcherQueue = createSqsQueue(sqs, kicks.url);
  const programs = mediaPrograms();
  const workers = await openWorkers({
    folder,
    jobs,
    definition: {
      OBJECT_STORE: "s3",
      JOBS_TABLE: names.jobsTable,
      TRANSCODER_TABLE: names.transcoderTable,
      CONFIGURATION,
      FFMPEG: programs.ffmpeg,
      FFPROBE: programs.ffprobe,
    },
    environment: access,
    onStateChange: (event) => onStateChange(event),
  });
  server.serve(
    createTranscoderApi({
      store,
      secrets: createSecretsManagerSecrets(new SecretsManagerClient({}), names.transcoderKeys),
      dispatcher: dispatcherQueue,
      scope: { region, account: "123456789012" },
      limits: configuration.limits,
      clock,
      log,
    }),
  );
  const { Pipeline: pipeline } = await new ElasticTranscoder({
    region,
    endpoint: transcoderEndpoint,
    credentials: key,
  }).createPipeline({
    Name: names.transcoderPipeline,
    InputBucket: inputBucket,
    OutputBucket: outputBucket,
    Role: "arn:aws:iam::123456789012:role/worker",
    Notifications: { Progressing: "", Completed: transcoderTopic, Warning: "", Error: transcoderTopic },
  });
  const environment = {
    CONFIGURATION,
    JOBS_TABLE: names.jobsTable,
    OUTPUT_BUCKET: outputBucket,
    TOPIC_ARN: jobsTopic,
    TRANSCODER_KEYS_SECRET: names.transcoderKeys,
    AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: transcoderEndpoint,
    AWS_REGION: region,
    TRANSCODER_PIPELINE_ID: pipeline?.Id ?? "",
    CLUSTER: names.cluster,
    TASK_DEFINITION: names.worker,
    CONTAINER: "ffmpeg",
    SUBNETS: [],
    SECURITY_GROUPS: [],
  };
  const ports = {
    ...createStartPorts("stage", environment),
    ...createClaimPorts(environment),
    tasks: workers,
    log,
  };
  const router = createRouter(ports);
  const jobEvents = createJobEvents(ports);
  const { retryBackoffSeconds } = configuration.limits;
  const ends = { store, notifier, clock, log, retryBackoffSeconds };
  const transcoderEvents = createTranscoderEvents({ ...ends, dispatcher: dispatcherQueue });
  const dispatch = createDispatcher({
    ...ends,
    tasks: workers,
    transcoderTable: names.transcoderTable,
    concurrency: 10,
    size: configuration.sizes.transcode,
  });
  const onStateChange = async (event: unknown): Promise<void> => {
    const job = parseTaskStateChange(event)?.environment.JOB_ID;
    if (job === undefined || isJobId(job)) await jobEvents(event);
    else await transcoderEvents(event);
  };
  /** What EventBridge's rule and target do for a route without a Lambda. */
  const startDirect = async (event: unknown): Promise<Record<string, never>> => {
    for (const { body } of repaired(event).Records) {
      const { bucket, object } = objectCreated.parse(JSON.parse(body)).detail;
      const match = matchRoute(configuration, object.key);
      if (match.kind !== "route" || match.route.trigger !== "eventbridge") continue;
      const upload = {
        bucket: bucket.name,
        key: object.key,
        versionId: object["version-id"],
        sequencer: "1",
      };
      await workers.run({
        clientToken: object["version-id"],
        environment: directVariables(match.route, upload, outputBucket),
        size: routeTaskSize(configuration.sizes, match.route),
      });
    }
    return {};
  };

  let routing = consume(sqs, uploads, (event) => router(repaired(event)));
  const consumers = [
    consume(sqs, direct, startDirect),
    consume(sqs, told, jobEvents),
    consume(sqs, kicks, async () => {
      await dispatch();
      return {};
    }),
  ];
  const ticks = [
    startTick("reconciler", 1, createReconciler(ports), log),
    startTick("dispatcher", 1, dispatch, log),
  ];

  const configurationFile = join(folder, "reelway.config.mjs");
  await writeFile(configurationFile, `export default ${JSON.stringify(input)};\n`);
  return {
    inputBucket,
    outputBucket,
    jobs,
    workers,
    environment: { ...access, REELWAY_CONFIG: configurationFile },
    async pauseRouter() {
      await routing.close();
      return () => {
        routing = consume(sqs, uploads, (event) => router(repaired(event)));
      };
    },
    log: () => lines.join("\n"),
    async close() {
      await Promise.all([...ticks, routing, ...consumers].map((one) => one.close()));
      await workers.close();
      await server.close();
      for (const [name, value] of Object.entries(before))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
