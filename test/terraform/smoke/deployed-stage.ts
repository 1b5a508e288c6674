import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createDynamoAppearanceStore } from "../../../adapters/aws/appearance-store.ts";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { ensureTable } from "../../../adapters/local/database.ts";
import { buildDeploymentNames, buildWatcherName } from "../../../modules/names.ts";
import { selectChannels } from "../../../pipeline/configuration/channels-schema.ts";
import { serializeJobConfiguration } from "../../../pipeline/configuration/job-configuration.ts";
import { type ConfigurationInput, parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { ChannelStatus } from "../../../pipeline/highlights/appearance-store.ts";
import type { JobStore } from "../../../pipeline/jobs/job-store.ts";
import {
  appearancesTable,
  channelsTable,
  detectionsTable,
  jobsTable,
  labelsTable,
  transcoderTable,
} from "../../../pipeline/ports/tables.ts";
import { startInterval } from "../../../runtime/interval.ts";
import { requireMediaPrograms } from "../../../runtime/media-programs.ts";
import { findDeployment } from "../../../terraform/deployment/find-deployment.ts";
import type { Moto } from "../../contract/moto.ts";
import {
  createBuckets,
  createImageFunction,
  createSecret,
  createTopic,
  uploadsToQueue,
} from "./aws-resources.ts";
import { openFunctions } from "./functions.ts";
import { consume, createQueue } from "./messages.ts";
import { openWorkers, type Workers } from "./workers.ts";

/** The deployed stage `dev` on an emulator. */
export interface DeployedStage {
  readonly inputBucket: string;
  readonly outputBucket: string;
  readonly jobs: JobStore;
  readonly workers: Workers;
  /** The environment a command needs to find the stage. */
  readonly environment: Readonly<Record<string, string>>;
  /** Stops the router; returns a function that resumes it, and resolves when it has handled the event of a key. */
  pauseRouter(): Promise<(key: string) => Promise<void>>;
  /** Saves what a run of a watcher says about its channel. */
  saveChannelStatus(channel: string, status: ChannelStatus): Promise<void>;
  /** What the functions have logged. */
  logged(): string;
  close(): Promise<void>;
}

const transcoderKey = {
  accessKeyId: "RWFULL",
  secretAccessKey: "only for this test",
  scope: "full" as const,
};

/** Sets variables of this process; returns a function that restores them. */
const setEnvironment = (variables: Readonly<Record<string, string>>): (() => void) => {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
};

/** Buckets, tables, topics and queues of a stage. */
const createResources = async (
  endpoint: string,
  {
    inputBucket,
    outputBucket,
    names,
    direct,
  }: {
    readonly inputBucket: string;
    readonly outputBucket: string;
    readonly names: ReturnType<typeof buildDeploymentNames>;
    /** Prefixes of direct routes. */
    readonly direct: readonly string[];
  },
) => {
  const sqs = new SQSClient({});
  const dynamo = new DynamoDBClient({});
  await createBuckets({ inputBucket, outputBucket });
  await createSecret(names.transcoderKeys, JSON.stringify({ keys: [transcoderKey] }));
  await ensureTable(dynamo, names.jobsTable, jobsTable);
  await ensureTable(dynamo, names.transcoderTable, transcoderTable);
  await ensureTable(dynamo, names.channelsTable, channelsTable);
  await ensureTable(dynamo, names.detectionsTable, detectionsTable);
  await ensureTable(dynamo, names.labelsTable, labelsTable);
  await ensureTable(dynamo, names.appearancesTable, appearancesTable);
  const queues = {
    uploads: await createQueue(sqs, names.router),
    direct: await createQueue(sqs, "direct-routes"),
    dispatches: await createQueue(sqs, names.transcoderDispatcher),
    taskEvents: await createQueue(sqs, names.jobEvents),
  };
  await uploadsToQueue(endpoint, names.router, inputBucket, [""], queues.uploads);
  await uploadsToQueue(endpoint, "direct-routes", inputBucket, direct, queues.direct);
  return {
    sqs,
    dynamo,
    queues,
    jobsTopic: await createTopic(names.finishedJobsTopic),
    transcoderTopic: await createTopic(names.transcoderTopic, queues.taskEvents),
  };
};

/**
 * Puts a stage onto moto: buckets, tables and queues, the functions' code in this process, workers as its children.
 *
 * @param database way to moto's DynamoDB
 */
export const deployStage = async (
  moto: Moto,
  database: string,
  input: ConfigurationInput,
): Promise<DeployedStage> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-stage-"));
  const configuration = parseConfiguration(input);
  const deployment = findDeployment(configuration, "dev");
  const names = buildDeploymentNames(deployment);
  const { inputBucket, outputBucket, region } = deployment;
  const access = {
    AWS_ENDPOINT_URL: moto.client.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: database,
    AWS_ACCESS_KEY_ID: moto.client.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: moto.client.credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  const restoreEnvironment = setEnvironment(access);
  const routes = configuration.routes.filter(({ trigger }) => trigger === "eventbridge");
  const { sqs, dynamo, queues, ...topics } = await createResources(moto.client.endpoint, {
    inputBucket,
    outputBucket,
    names,
    direct: routes.map(({ prefix }) => prefix),
  });
  const jobs = createDynamoJobStore(dynamo, names.jobsTable, { now: () => new Date() });
  for (const { name } of selectChannels(configuration.channels, deployment.stage))
    await createImageFunction(buildWatcherName(deployment, name));
  const appearances = createDynamoAppearanceStore(
    dynamo,
    {
      channels: names.channelsTable,
      detections: names.detectionsTable,
      labels: names.labelsTable,
      appearances: names.appearancesTable,
    },
    { now: () => new Date() },
    () => 1,
  );
  const programs = requireMediaPrograms();
  const workers = await openWorkers({
    folder,
    jobs,
    definition: {
      OBJECT_STORE: "s3",
      JOBS_TABLE: names.jobsTable,
      TRANSCODER_TABLE: names.transcoderTable,
      CONFIGURATION: serializeJobConfiguration(configuration),
      FFMPEG_PATH: programs.ffmpeg,
      FFPROBE_PATH: programs.ffprobe,
    },
    environment: access,
    onStateChange: (event) => functions.taskEvents(event),
  });
  const functions = await openFunctions({
    configuration,
    deployment,
    names,
    workers,
    dispatcherQueueUrl: queues.dispatches.url,
    transcoderKey,
    ...topics,
  });
  const startRouting = () => consume(sqs, queues.uploads, functions.router);
  let routing = startRouting();
  const others = [
    consume(sqs, queues.direct, functions.startDirect),
    consume(sqs, queues.taskEvents, functions.jobEvents),
    consume(sqs, queues.dispatches, async () => {
      await functions.dispatch();
      return undefined;
    }),
    startInterval("reconciler", 1, functions.reconcile, functions.log),
    startInterval("dispatcher", 1, functions.dispatch, functions.log),
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
      return (key) => {
        routing = startRouting();
        return routing.handled(key);
      };
    },
    async saveChannelStatus(channel, status) {
      const lease = await appearances.acquireLease(channel, "run", 60);
      if (lease === undefined) throw new Error(`The lease of channel ${channel} is held.`);
      await appearances.saveState(lease, {}, status);
      await appearances.releaseLease(lease);
    },
    logged: functions.logged,
    async close() {
      await Promise.all([routing, ...others].map((one) => one.close()));
      await workers.close();
      await functions.close();
      restoreEnvironment();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
