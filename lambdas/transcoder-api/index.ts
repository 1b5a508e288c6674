import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { createSqsQueue } from "../../adapters/aws/queue.ts";
import { createSecretsManagerSecrets } from "../../adapters/aws/secrets.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { createDynamoTranscoderStore } from "../../adapters/aws/transcoder-store.ts";
import { parseJobConfiguration } from "../../pipeline/configuration/job-configuration.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { transcoderApiEnvironment } from "../../pipeline/environment/transcoder.ts";
import { createTranscoderApi } from "./app.ts";

// The bundler replaces `process.env.CONFIGURATION` with the configuration's JSON.
const environment = parseEnvironment("transcoder-api", transcoderApiEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const region = environment.AWS_REGION;
const telemetry = createTelemetry("transcoder-api");
const clock = { now: () => new Date() };

const handleRequest = handle(
  createTranscoderApi({
    store: createDynamoTranscoderStore(new DynamoDBClient({ region }), environment.TRANSCODER_TABLE, clock),
    secrets: createSecretsManagerSecrets(
      new SecretsManagerClient({ region }),
      environment.TRANSCODER_KEYS_SECRET,
      { includePrevious: true },
    ),
    dispatcherQueue: createSqsQueue(new SQSClient({ region }), environment.DISPATCHER_QUEUE_URL),
    scope: { region, account: environment.ACCOUNT_ID },
    limits: parseJobConfiguration(environment.CONFIGURATION).limits,
    clock,
    log: telemetry.log,
  }),
);

/** The transcoder API's Lambda, behind an HTTP API. */
export const handler = withTelemetry(telemetry, (event: LambdaEvent, context: LambdaContext) =>
  handleRequest(event, context),
);
