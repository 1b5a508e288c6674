import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoJobStore } from "../../adapters/aws/job-store.ts";
import { createDynamoResponseStore } from "../../adapters/aws/response-store.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { responseEventsEnvironment } from "../../pipeline/environment/response-events.ts";
import { createResponseEventsHandler } from "./follow-uploads.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("response-events", responseEventsEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("response-events");
const database = new DynamoDBClient({ region: environment.AWS_REGION });
const clock = { now: () => new Date() };

/** Handler of the function response-events. */
export const handler = withTelemetry(
  telemetry,
  createResponseEventsHandler({
    configuration: parseJobConfiguration(environment.CONFIGURATION),
    inputBucket: environment.INPUT_BUCKET,
    responses: createDynamoResponseStore(database, environment.RESPONSES_TABLE),
    jobs: createDynamoJobStore(database, environment.JOBS_TABLE, clock),
    clock,
    log: telemetry.log,
  }),
);
