import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { createEcsClient } from "../../adapters/aws/ecs-client.ts";
import { createSnsNotifier } from "../../adapters/aws/notifier.ts";
import { createEcsTaskRunner } from "../../adapters/aws/task-runner.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { createDynamoTokenBucket } from "../../adapters/aws/token-bucket.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { transcoderDispatcherEnvironment } from "../../pipeline/environment/transcoder.ts";
import { createTranscoderReconciler } from "../transcoder-events/close-transcoder-jobs.ts";
import { createDispatcher, createDispatcherHandler } from "./dispatch.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("transcoder-dispatcher", transcoderDispatcherEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const region = environment.AWS_REGION;
const { limits, taskSizes } = parseJobConfiguration(environment.CONFIGURATION);
const telemetry = createTelemetry("transcoder-dispatcher");
const clock = { now: () => new Date() };

const closePorts = {
  store: createDynamoTranscoderStore(new DynamoDBClient({ region }), environment.TRANSCODER_TABLE, clock),
  tasks: createEcsTaskRunner(createEcsClient({ region }), {
    cluster: environment.CLUSTER,
    taskDefinition: environment.TASK_DEFINITION,
    container: environment.CONTAINER_NAME,
    subnets: environment.SUBNETS,
    securityGroups: environment.SECURITY_GROUPS,
    capacityProvider: environment.CAPACITY_PROVIDER,
    assignPublicIp: environment.ASSIGN_PUBLIC_IP,
  }),
  taskStarts: createDynamoTokenBucket(new DynamoDBClient({ region }), environment.JOBS_TABLE, clock),
  notifier: createSnsNotifier(new SNSClient({ region })),
  retryBackoffSeconds: limits.retryBackoffSeconds,
  clock,
  ...telemetry,
};
/** A notification may still be in progress by the function that started or closed the job. */
const notificationGraceSeconds = 60;

/** Handler of the function transcoder-dispatcher, called by its queue and by a schedule each minute. */
export const handler = withTelemetry(
  telemetry,
  createDispatcherHandler(
    createDispatcher({
      ...closePorts,
      transcoderTable: environment.TRANSCODER_TABLE,
      maxConcurrentJobs: environment.MAX_CONCURRENT_JOBS,
      size: taskSizes.transcode,
    }),
    createTranscoderReconciler({ ...closePorts, notificationGraceSeconds }),
  ),
);
