import { EventEmitter } from "node:events";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { BatchResponse } from "../../../pipeline/events/sqs-messages.ts";

/** A queue for senders and its reader. */
export interface MotoQueue {
  readonly url: string;
  readonly arn: string;
}

export const createQueue = async (client: SQSClient, name: string): Promise<MotoQueue> => {
  const { QueueUrl: url = "" } = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: "2" } }),
  );
  const { Attributes: attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return { url, arn: attributes?.QueueArn ?? "" };
};

/** A reader of a queue. */
export interface Consumer {
  /** Resolves when a message with this text has been handled and deleted. */
  handled(part: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads a queue as Lambda's mapping does: batches to the handler, and what it could not take comes again.
 *
 * @param handler answers which messages failed; undefined for none
 */
export const consume = (
  client: SQSClient,
  { url }: MotoQueue,
  handler: (event: unknown) => Promise<BatchResponse | undefined>,
): Consumer => {
  const stop = new AbortController();
  const handled = new EventEmitter();
  const read = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 }),
        { abortSignal: stop.signal },
      );
      if (messages.length === 0) continue;
      const Records = messages.map(({ MessageId: messageId, Body: body }) => ({
        messageId,
        eventSource: "aws:sqs",
        body,
      }));
      const answer = await handler({ Records });
      const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { MessageId: id = "", ReceiptHandle: handle } of messages)
        if (!failed.has(id))
          await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
      for (const { MessageId: id = "", Body: body = "" } of messages)
        if (!failed.has(id)) handled.emit("message", body);
    }
  };
  const reading = (async () => {
    while (!stop.signal.aborted) await read().catch(() => undefined);
  })();
  return {
    // A listener, not `once` in a loop: the messages of a batch are handled at the same time.
    handled: (part) =>
      new Promise((resolve) => {
        const check = (body: string) => {
          if (!body.includes(part)) return;
          handled.off("message", check);
          resolve();
        };
        handled.on("message", check);
      }),
    async close() {
      stop.abort();
      await reading;
    },
  };
};

/** EventBridge's API, for which no client is installed (API reference, PutRule, PutTargets). */
const events = async (endpoint: string, action: string, input: unknown): Promise<void> => {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": `AWSEvents.${action}`,
      Authorization: "AWS4-HMAC-SHA256 Credential=AKIATEST/20261121/us-east-1/events/aws4_request",
    },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(`${action} answered ${answer.status}: ${await answer.text()}`);
};

/** Sends events that match a rule of EventBridge to a queue. */
export const ruleToQueue = async (
  endpoint: string,
  name: string,
  pattern: unknown,
  queue: MotoQueue,
): Promise<void> => {
  await events(endpoint, "PutRule", { Name: name, EventPattern: JSON.stringify(pattern) });
  await events(endpoint, "PutTargets", { Rule: name, Targets: [{ Id: "queue", Arn: queue.arn }] });
};
