import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { readConfigurationOrDefault } from "../../adapters/local/configuration-file.ts";
import { createWebhookFolder } from "../../adapters/local/webhook-folder.ts";
import { localStage } from "../../pipeline/configuration/selected-stages.ts";
import { selectWebhooks, type WebhookSettings } from "../../pipeline/configuration/webhooks-schema.ts";
import type { WebhookStore } from "../../pipeline/webhooks/webhook-store.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";
import { readDeployment } from "./deployment.ts";

/** Where the webhooks are: a stage, else a data folder. */
export interface WebhooksLocation {
  readonly data: string;
  readonly stage?: string;
}

/** The webhooks of a stage with their deliveries. */
export interface OpenedWebhooks {
  /** Name of the stage; `local` for the runtime on this machine. */
  readonly stage: string;
  readonly webhooks: readonly WebhookSettings[];
  readonly store: WebhookStore;
}

/** Opens the webhooks of a stage, or of the runtime on this machine. @throws UsageError for an unknown stage */
export const openWebhooks = async ({ data, stage }: WebhooksLocation): Promise<OpenedWebhooks> => {
  if (stage === undefined) {
    const { webhooks } = await readConfigurationOrDefault();
    return {
      stage: localStage,
      webhooks: selectWebhooks(webhooks, localStage),
      store: createWebhookFolder(resolveDataFolder(data).webhooks),
    };
  }
  const [
    { configuration, deployment, names },
    { SQSClient },
    { DynamoDBClient },
    { createWebhookCounts },
    { createSqsWebhookStore },
  ] = await Promise.all([
    readDeployment(stage),
    import("@aws-sdk/client-sqs"),
    import("@aws-sdk/client-dynamodb"),
    import("../../adapters/aws/webhook-counts.ts"),
    import("../../adapters/aws/webhook-queue.ts"),
  ]);
  const { region } = deployment;
  return {
    stage,
    webhooks: selectWebhooks(configuration.webhooks, stage),
    store: createSqsWebhookStore(
      new SQSClient({ ...commandClientOptions, region }),
      names.webhookQueuePrefix,
      createWebhookCounts(new DynamoDBClient({ ...commandClientOptions, region }), names.jobsTable),
    ),
  };
};
