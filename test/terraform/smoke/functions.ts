import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ElasticTranscoder } from "@aws-sdk/client-elastic-transcoder";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createClaimPorts } from "../../../adapters/aws/claim-ports.ts";
import { createLineLogger } from "../../../adapters/aws/logger.ts";
import { createMetrics } from "../../../adapters/aws/metrics.ts";
import { createSnsNotifier } from "../../../adapters/aws/notifier.ts";
import { createSqsQueue } from "../../../adapters/aws/queue.ts";
import { createSecretsManagerSecrets } from "../../../adapters/aws/secrets.ts";
import { createStartPorts } from "../../../adapters/aws/start-ports.ts";
import { createDynamoTranscoderStore } from "../../../adapters/aws/transcoder-store.ts";
import { createJobEventsHandler } from "../../../lambdas/job-events/close-jobs.ts";
import { createReconciler } from "../../../lambdas/reconciler/reconcile.ts";
import { createRouter } from "../../../lambdas/router/route-uploads.ts";
import { createTranscoderApi } from "../../../lambdas/transcoder-api/app.ts";
import { createDispatcher } from "../../../lambdas/transcoder-dispatcher/dispatch.ts";
import { createTranscoderEventsHandler } from "../../../lambdas/transcoder-events/close-transcoder-jobs.ts";
import { buildNamePrefix, type Deployment, type DeploymentNames } from "../../../modules/names.ts";
import type { Configuration } from "../../../pipeline/configuration/configuration.ts";
import { serializeJobConfiguration } from "../../../pipeline/configuration/job-configuration.ts";
import { parseTaskStateChange } from "../../../pipeline/events/task-state-change.ts";
import { isJobId } from "../../../pipeline/jobs/job-id.ts";
import type { TaskRunner } from "../../../pipeline/ports/task-runner.ts";
import { matchRoute } from "../../../pipeline/routing/match.ts";
import { getRouteTaskSize } from "../../../pipeline/routing/task-sizes.ts";
import { listen } from "../../../runtime/server/listen.ts";
import { createDirectTaskEnvironment } from "../../../runtime/upload-events.ts";
import { createdObjects, toAwsEvent } from "./moto-events.ts";

interface FunctionsOptions {
  readonly configuration: Configuration;
  readonly deployment: Deployment;
  readonly names: DeploymentNames;
  readonly workers: TaskRunner;
  readonly dispatcherQueueUrl: string;
  readonly jobsTopic: string;
  readonly transcoderTopic: string;
  readonly transcoderKey: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const clock = { now: () => new Date() };
const account = "123456789012";

/** The functions' own code in this process, with AWS clients of the standard environment. */
export const openFunctions = async (options: FunctionsOptions) => {
  const { configuration, deployment, names, workers } = options;
  const { region, inputBucket, outputBucket } = deployment;
  const { limits, taskSizes } = configuration;
  const lines: string[] = [];
  const log = createLineLogger("stage", (line) => lines.push(line));
  const telemetry = { log, metrics: createMetrics("stage", buildNamePrefix(deployment)) };
  const dispatcherQueue = createSqsQueue(new SQSClient({}), options.dispatcherQueueUrl);
  const closingPorts = {
    store: createDynamoTranscoderStore(new DynamoDBClient({}), names.transcoderTable, clock),
    notifier: createSnsNotifier(new SNSClient({})),
    retryBackoffSeconds: limits.retryBackoffSeconds,
    clock,
    ...telemetry,
  };
  const server = await listen(0);
  const endpoint = `http://127.0.0.1:${server.port}`;
  const secrets = createSecretsManagerSecrets(new SecretsManagerClient({}), names.transcoderKeys);
  server.serve(
    createTranscoderApi({ ...closingPorts, secrets, dispatcherQueue, scope: { region, account }, limits }),
  );
  const transcoder = new ElasticTranscoder({ region, endpoint, credentials: options.transcoderKey });
  const { Pipeline: pipeline } = await transcoder.createPipeline({
    Name: names.transcoderPipeline,
    InputBucket: inputBucket,
    OutputBucket: outputBucket,
    Role: `arn:aws:iam::${account}:role/worker`,
    Notifications: {
      Progressing: "",
      Completed: options.transcoderTopic,
      Warning: "",
      Error: options.transcoderTopic,
    },
  });
  const environment = {
    CONFIGURATION: serializeJobConfiguration(configuration),
    JOBS_TABLE: names.jobsTable,
    OUTPUT_BUCKET: outputBucket,
    TOPIC_ARN: options.jobsTopic,
    TRANSCODER_KEYS_SECRET: names.transcoderKeys,
    AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: endpoint,
    AWS_REGION: region,
    ROLE_NAME: names.router,
    STAGE_NAME: "smoke",
    TRANSCODER_PIPELINE_ID: pipeline?.Id ?? "",
    CLUSTER: names.cluster,
    TASK_DEFINITION: names.workerTaskFamily,
    CONTAINER_NAME: "ffmpeg",
    SUBNETS: [],
    SECURITY_GROUPS: [],
  };
  const ports = {
    ...createStartPorts(telemetry, environment),
    ...createClaimPorts(telemetry, environment),
    inputBucket,
    tasks: workers,
    wait: delay,
  };
  const router = createRouter(ports);
  const jobEvents = createJobEventsHandler(ports);
  const transcoderEvents = createTranscoderEventsHandler({ ...closingPorts, dispatcherQueue });
  const dispatch = createDispatcher({
    ...closingPorts,
    tasks: workers,
    taskStarts: ports.taskStarts,
    transcoderTable: names.transcoderTable,
    maxConcurrentJobs: 10,
    size: taskSizes.transcode,
  });
  return {
    router: (event: unknown) => router(toAwsEvent(event)),
    jobEvents,
    dispatch,
    reconcile: createReconciler(ports),
    async taskEvents(event: unknown): Promise<void> {
      const job = parseTaskStateChange(event)?.environment.JOB_ID;
      if (job === undefined || isJobId(job)) await jobEvents(event);
      else await transcoderEvents(event);
    },
    /** EventBridge's part of a direct route: its rule starts the task. */
    async startDirect(event: unknown): Promise<undefined> {
      for (const object of createdObjects(event)) {
        const match = matchRoute(configuration, object.key);
        if (match.kind !== "route" || match.route.trigger !== "eventbridge") continue;
        await workers.run({
          clientToken: object.versionId,
          environment: createDirectTaskEnvironment(match.route, object, outputBucket),
          size: getRouteTaskSize(taskSizes, match.route),
        });
      }
    },
    log,
    logged: () => lines.join("\n"),
    close: () => server.close(),
  };
};
