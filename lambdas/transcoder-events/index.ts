import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createSnsNotifier } from "../../adapters/aws/notifier.ts";
import { createSqsQueue } from "../../adapters/aws/queue.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { transcoderEventsEnvironment } from "../../pipeline/environment/transcoder.ts";
import { createTranscoderEventsHandler } from "./close-transcoder-jobs.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("transcoder-events", transcoderEventsEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const region = environment.AWS_REGION;
const telemetry = createTelemetry("transcoder-events");
const clock = { now: () => new Date() };

/** Handler of the function transcoder-events, called after state changes of tasks. */
export const handler = withTelemetry(
  telemetry,
  createTranscoderEventsHandler({
    store: createDynamoTranscoderStore(new DynamoDBClient({ region }), environment.TRANSCODER_TABLE, clock),
    notifier: createSnsNotifier(new SNSClient({ region })),
    dispatcherQueue: createSqsQueue(new SQSClient({ region }), environment.DISPATCHER_QUEUE_URL),
    retryBackoffSeconds: parseJobConfiguration(environment.CONFIGURATION).limits.retryBackoffSeconds,
    clock,
    ...telemetry,
  }),
);
