import type { WebhookCounts } from "../../adapters/aws/webhook-counts.ts";
import type { WebhookQueue } from "../../adapters/aws/webhook-queue.ts";
import type { WebhookSettings } from "../../pipeline/configuration/webhooks-schema.ts";
import type { BatchResponse } from "../../pipeline/events/sqs-messages.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { type DeliverPorts, deliverWebhook } from "../../pipeline/webhooks/deliver.ts";
import { buildDelivery, describeDelivery, parseWebhookEvent } from "../../pipeline/webhooks/delivery.ts";
import { computeRetryDelaySeconds } from "../../pipeline/webhooks/retry-schedule.ts";

/** Ports of the function webhooks. */
export interface WebhooksPorts extends DeliverPorts {
  readonly webhooks: readonly WebhookSettings[];
  /** The name of a webhook's queue is this prefix and the name of the webhook. */
  readonly queuePrefix: string;
  readonly queue: WebhookQueue;
  readonly counts: Pick<WebhookCounts, "countDelivery" | "recordFailure">;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
  readonly log: Logger;
}

const epochMs = z.string().check(z.regex(/^\d+$/));

/** A record of Lambda's event source mapping for SQS (AWS Lambda developer guide, "Using Lambda with Amazon SQS"). */
const recordSchema = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  body: z.string(),
  eventSourceARN: z.string(),
  attributes: z.object({ ApproximateReceiveCount: epochMs, SentTimestamp: epochMs }),
});
const eventSchema = z.object({ Records: z.array(recordSchema) });

type QueueRecord = z.output<typeof recordSchema>;

/**
 * Creates the handler that delivers messages of the topic to the webhook of their queue. A failed
 * message is hidden until its next attempt, and reported, so that the queue keeps it. After a permanent failure or a day
 * of retries it moves to the dead-letter queue.
 */
export const createWebhooksHandler = (ports: WebhooksPorts): ((event: unknown) => Promise<BatchResponse>) => {
  const { webhooks, queuePrefix, queue, counts, clock, random, log } = ports;

  /** The counts inform an operator; a delivery does not depend on them. */
  const record = async (write: Promise<void>): Promise<void> =>
    write.catch((error: unknown) => log.warn("Counting a delivery failed", { error }));

  /** Returns whether the queue may delete the message. */
  const handleRecord = async ({
    receiptHandle,
    body,
    eventSourceARN: queueArn,
    attributes,
  }: QueueRecord): Promise<boolean> => {
    const queueName = queueArn.split(":").at(-1);
    const webhook = webhooks.find(({ name }) => `${queuePrefix}${name}` === queueName);
    if (webhook === undefined) throw new Error(`Queue ${queueName} is not that of a webhook.`);
    const event = parseWebhookEvent(parseJson(body));
    if (event === undefined) {
      log.error("The message is not an event; moved to the dead-letter queue", {
        webhook: webhook.name,
      });
      await queue.sendToDeadLetterQueue(queueArn, body);
      return true;
    }
    const delivery = buildDelivery(webhook, event);
    if (delivery === undefined) return true;
    const attempt = Number(attributes.ApproximateReceiveCount);
    const details = { webhook: webhook.name, ...describeDelivery(delivery), attempt };
    const outcome = await deliverWebhook(ports, webhook, delivery);
    if (outcome.kind === "delivered") {
      log.info("Webhook delivered", { ...details, httpStatus: outcome.status });
      await record(counts.countDelivery(webhook.name, outcome.at));
      return true;
    }
    const { failure, isPermanent } = outcome;
    const failedDetails = { ...details, httpStatus: failure.status, reason: failure.reason };
    await record(counts.recordFailure(webhook.name, failure));
    const ageSeconds = (clock.now().getTime() - Number(attributes.SentTimestamp)) / 1000;
    const delaySeconds = isPermanent ? undefined : computeRetryDelaySeconds(attempt, ageSeconds, random());
    if (delaySeconds === undefined) {
      log.error("Webhook failed; moved to the dead-letter queue", failedDetails);
      await queue.sendToDeadLetterQueue(queueArn, body);
      return true;
    }
    log.warn("Webhook failed; retried later", { ...failedDetails, delaySeconds });
    await queue.delay(queueArn, receiptHandle, delaySeconds);
    return false;
  };

  return async (event) => {
    const { Records: records } = eventSchema.parse(event);
    const failures = await Promise.all(
      records.map(async (message) => {
        const isDone = await handleRecord(message).catch((error: unknown) => {
          log.error("Message failed; returned to the queue", { messageId: message.messageId, error });
          return false;
        });
        return isDone ? [] : [{ itemIdentifier: message.messageId }];
      }),
    );
    return { batchItemFailures: failures.flat() };
  };
};
