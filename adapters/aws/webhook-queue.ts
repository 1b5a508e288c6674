import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { computeDeliveryId, parseWebhookEvent } from "../../pipeline/webhooks/delivery.ts";
import type { DeadLetter, WebhookStore } from "../../pipeline/webhooks/webhook-store.ts";
import { toStoreFailure } from "./store-failure.ts";
import type { WebhookCounts } from "./webhook-counts.ts";

/** What the function webhooks does with a message that it cannot deliver. */
export interface WebhookQueue {
  /** Hides a received message, so that it is received again after the delay. */
  delay(queueArn: string, receiptHandle: string, delaySeconds: number): Promise<void>;
  /** Copies a message to the dead-letter queue. */
  sendToDeadLetterQueue(queueArn: string, body: string): Promise<void>;
}

const deadLetterSuffix = "-dlq";
/** Longer than a redelivery of thousands of messages takes. */
const redeliveryVisibilitySeconds = 600;

/** The URL of a queue, from its ARN `arn:aws:sqs:REGION:ACCOUNT:NAME`. */
const toQueueUrl = (arn: string): string => {
  const [, , , region, account, name] = arn.split(":");
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
};

/** Creates the operations of the function webhooks on its queues. All methods throw StoreFailure. */
export const createWebhookQueue = (client: SQSClient): WebhookQueue => ({
  async delay(queueArn, receiptHandle, delaySeconds) {
    try {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: toQueueUrl(queueArn),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: delaySeconds,
        }),
      );
    } catch (cause) {
      throw toStoreFailure(`Delaying a message of queue ${queueArn} failed`, cause);
    }
  },
  async sendToDeadLetterQueue(queueArn, body) {
    const arn = `${queueArn}${deadLetterSuffix}`;
    try {
      await client.send(new SendMessageCommand({ QueueUrl: toQueueUrl(arn), MessageBody: body }));
    } catch (cause) {
      throw toStoreFailure(`Sending to queue ${arn} failed`, cause);
    }
  },
});

/** Identifies a message of a webhook's queue; undefined if it is not an event. */
const identifyMessage = (webhook: string, { Body: body = "" }: Message): DeadLetter | undefined => {
  const event = parseWebhookEvent(parseJson(body));
  return event && { id: computeDeliveryId(webhook, event), subjectId: event.subjectId };
};

/**
 * Creates the view of an operator on the webhooks of a stage.
 *
 * @param queuePrefix the name of a webhook's queue is this prefix and the name of the webhook
 */
export const createSqsWebhookStore = (
  client: SQSClient,
  queuePrefix: string,
  counts: Pick<WebhookCounts, "read">,
): WebhookStore => {
  const findQueueUrl = async (name: string): Promise<string> => {
    try {
      const { QueueUrl: url } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
      return url ?? "";
    } catch (cause) {
      if (cause instanceof QueueDoesNotExist)
        throw new CommandError(
          `Queue ${name} does not exist: the webhook is not deployed. Apply the stack routing: npx reelway deploy --stage STAGE`,
          { cause },
        );
      throw toStoreFailure(`Finding queue ${name} failed`, cause);
    }
  };
  const countMessages = async (name: string): Promise<number> => {
    const { Attributes: attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: await findQueueUrl(name),
        AttributeNames: [
          "ApproximateNumberOfMessages",
          "ApproximateNumberOfMessagesNotVisible",
          "ApproximateNumberOfMessagesDelayed",
        ],
      }),
    );
    return Object.values(attributes).reduce((sum, count) => sum + Number(count), 0);
  };
  return {
    async readStatus(webhook) {
      const name = `${queuePrefix}${webhook}`;
      const [pending, deadLetter, recorded] = await Promise.all([
        countMessages(name),
        countMessages(`${name}${deadLetterSuffix}`),
        counts.read(webhook),
      ]);
      return { ...recorded, pending, deadLetter };
    },
    async redeliver(webhook, isSelected) {
      const name = `${queuePrefix}${webhook}`;
      const [queue, deadLetterQueue] = await Promise.all([
        findQueueUrl(name),
        findQueueUrl(`${name}${deadLetterSuffix}`),
      ]);
      const redelivered = new Set<string>();
      const kept: Message[] = [];
      try {
        for (;;) {
          const { Messages: messages = [] } = await client.send(
            new ReceiveMessageCommand({
              QueueUrl: deadLetterQueue,
              MaxNumberOfMessages: 10,
              VisibilityTimeout: redeliveryVisibilitySeconds,
              WaitTimeSeconds: 1,
            }),
          );
          if (messages.length === 0) break;
          for (const message of messages) {
            const delivery = identifyMessage(webhook, message);
            // One that has failed again since it was queued is in the dead-letter queue a second time.
            if (delivery === undefined || redelivered.has(delivery.id) || !isSelected(delivery)) {
              kept.push(message);
              continue;
            }
            await client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: message.Body }));
            await client.send(
              new DeleteMessageCommand({ QueueUrl: deadLetterQueue, ReceiptHandle: message.ReceiptHandle }),
            );
            redelivered.add(delivery.id);
          }
        }
      } finally {
        for (const { ReceiptHandle: receiptHandle } of kept)
          await client.send(
            new ChangeMessageVisibilityCommand({
              QueueUrl: deadLetterQueue,
              ReceiptHandle: receiptHandle,
              VisibilityTimeout: 0,
            }),
          );
      }
      return [...redelivered];
    },
  };
};
