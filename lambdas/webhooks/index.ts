import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { isPublicAddress } from "../../adapters/aws/public-address.ts";
import { createTelemetry, withTelemetry } from "../../adapters/aws/telemetry.ts";
import { createWebhookCounts } from "../../adapters/aws/webhook-counts.ts";
import { createWebhookPost } from "../../adapters/aws/webhook-post.ts";
import { createWebhookQueue } from "../../adapters/aws/webhook-queue.ts";
import { createWebhookSecrets } from "../../adapters/aws/webhook-secrets.ts";
import { webhooksSchema } from "../../pipeline/configuration/webhooks-schema.ts";
import { parseEnvironment } from "../../pipeline/environment/parse-environment.ts";
import { webhooksEnvironment } from "../../pipeline/environment/webhooks.ts";
import { createWebhooksHandler } from "./deliver-webhooks.ts";

// The bundler replaces `process.env.CONFIGURATION` with the JSON of the webhooks.
const environment = parseEnvironment("webhooks", webhooksEnvironment, {
  ...process.env,
  CONFIGURATION: process.env.CONFIGURATION,
});
const telemetry = createTelemetry("webhooks");
const { AWS_REGION: region } = environment;

/** Handler of the function webhooks. */
export const handler = withTelemetry(
  telemetry,
  createWebhooksHandler({
    webhooks: webhooksSchema.parse(JSON.parse(environment.CONFIGURATION)),
    queuePrefix: environment.QUEUE_PREFIX,
    post: createWebhookPost({ isAllowedAddress: isPublicAddress }),
    readSecrets: createWebhookSecrets(new SecretsManagerClient({ region })),
    // The Region's endpoint, as for every other service.
    queue: createWebhookQueue(new SQSClient({ region, useQueueUrlAsEndpoint: false })),
    counts: createWebhookCounts(new DynamoDBClient({ region }), environment.JOBS_TABLE),
    clock: { now: () => new Date() },
    random: Math.random,
    log: telemetry.log,
  }),
);
