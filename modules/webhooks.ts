import { Construct } from "constructs";
import type { WebhookSettings } from "../pipeline/configuration/webhooks-schema.ts";
import type { webhooksEnvironment } from "../pipeline/environment/webhooks.ts";
import { listStatuses } from "../pipeline/webhooks/delivery.ts";
import { BundledFunction } from "./function.ts";
import type { EnvironmentVariables } from "./function-environment.ts";
import type { FunctionPackage } from "./function-package.ts";
import { EventQueue, type Queue } from "./queue.ts";
import { StageStack } from "./stack.ts";
import type { TableReference } from "./table-reference.ts";
import type { Topic } from "./topic.ts";

/** Properties of `WebhookDeliveries`. */
export interface WebhookDeliveriesProps {
  /** The webhooks of the stage. */
  readonly webhooks: readonly WebhookSettings[];
  /** Topic of finished jobs. */
  readonly topic: Topic;
  /** Table for the counts of the webhooks. */
  readonly jobsTable: TableReference;
  readonly code: FunctionPackage;
  /** Dead-letter queue for asynchronous invocations of the function. */
  readonly deadLetterQueue: Queue;
}

/** A request takes at most 15 seconds; the messages of a batch are delivered concurrently. */
const timeoutSeconds = 60;
/** The function moves a message to the dead-letter queue after a day; this limit ends invocations that always crash. */
const maxReceiveCount = 100;
/** Concurrent invocations for each webhook; the smallest value that Lambda accepts. */
const concurrencyPerWebhook = 2;

/** The function that delivers webhooks, and a queue for each, so that a slow endpoint delays no other. */
export class WebhookDeliveries extends Construct {
  /** Queues by webhook, in the order of the configuration. */
  readonly queues: readonly EventQueue[];
  readonly lambdaFunction: BundledFunction;

  constructor(
    scope: Construct,
    id: string,
    { webhooks, topic, jobsTable, code, deadLetterQueue }: WebhookDeliveriesProps,
  ) {
    super(scope, id);
    const { arns, names } = StageStack.of(this);
    const environment: EnvironmentVariables<typeof webhooksEnvironment> = {
      JOBS_TABLE: names.jobsTable,
      QUEUE_PREFIX: names.webhookQueuePrefix,
    };
    this.lambdaFunction = new BundledFunction(this, "function", {
      name: names.webhooks,
      description: "Delivers events to webhooks",
      code,
      environment,
      timeoutSeconds,
      reservedConcurrency: concurrencyPerWebhook * webhooks.length,
      deadLetterQueue,
    });
    const { role } = this.lambdaFunction;
    jobsTable.grantReadWrite(role, { calls: ["UpdateItem"], keyPrefix: "webhook#" });
    role.addPermission({
      actions: ["secretsmanager:GetSecretValue"],
      resources: [...new Set(webhooks.map(({ secret }) => arns.secret(secret)))],
    });
    this.queues = webhooks.map((webhook) => {
      const queue = new EventQueue(this, `webhook-${webhook.name}`, {
        name: `${names.webhookQueuePrefix}${webhook.name}`,
        topicArn: topic.arn,
        messageFilter: { status: listStatuses(webhook) },
        consumerTimeoutSeconds: timeoutSeconds,
        maxReceiveCount,
      });
      queue.grantChangeVisibility(role);
      queue.deadLetterQueue.grantSend(role);
      this.lambdaFunction.consume(queue, concurrencyPerWebhook, `${webhook.name}-messages`);
      return queue;
    });
  }
}
