import { setTimeout as pause } from "node:timers/promises";
import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  ResourceNotFoundException,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
  UnsupportedOperation,
} from "@aws-sdk/client-sqs";
import type { DeadLetter } from "../../pipeline/events/dead-letters.ts";
import type { DeadLetterStore } from "../../pipeline/events/redrive.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Time in which a received message is handled; an interrupted run hides its messages for as long. */
const visibilitySeconds = 300;
const maxBatchSize = 10;
/** Time between two reads of the state of a move. */
const pollMs = 2000;

interface ReceivedLetter extends DeadLetter {
  readonly receiptHandle: string;
}

const toLetter = ({
  MessageId: id = "",
  Body: body = "",
  Attributes: system = {},
  MessageAttributes: attributes = {},
  ReceiptHandle: receiptHandle = "",
}: Message): ReceivedLetter => ({
  id,
  body,
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue: value = "" }]) => [name, value]),
  ),
  sentAt: new Date(Number(system.SentTimestamp ?? 0)).toISOString(),
  receiptHandle,
  ...(system.DeadLetterQueueSourceArn === undefined
    ? {}
    : { sourceQueueArn: system.DeadLetterQueueSourceArn }),
});

/** Creates the view of an operator on the dead-letter queues of a stage. */
export const createSqsDeadLetterStore = (client: SQSClient): DeadLetterStore => {
  const urls = new Map<string, string>();
  /** Receipt handles of received messages by id. */
  const receipts = new Map<string, string>();
  const findUrl = async (name: string): Promise<string> => {
    const known = urls.get(name);
    if (known !== undefined) return known;
    const { QueueUrl: url = "" } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
    urls.set(name, url);
    return url;
  };
  const readAttributes = async (
    name: string,
    ...AttributeNames: ("QueueArn" | "ApproximateNumberOfMessages")[]
  ) =>
    (await client.send(new GetQueueAttributesCommand({ QueueUrl: await findUrl(name), AttributeNames })))
      .Attributes ?? {};
  const findArn = async (name: string): Promise<string> =>
    (await readAttributes(name, "QueueArn")).QueueArn ?? "";
  const request = async <Result>(context: string, run: () => Promise<Result>): Promise<Result> => {
    try {
      return await run();
    } catch (cause) {
      throw toStoreFailure(context, cause);
    }
  };

  /** Waits for the end of the newest move of a queue. @returns number of moved messages */
  const waitForMove = async (sourceArn: string, signal: AbortSignal): Promise<number> => {
    for (;;) {
      const { Results: [task] = [] } = await client.send(
        new ListMessageMoveTasksCommand({ SourceArn: sourceArn, MaxResults: 1 }),
      );
      const count = Number(task?.ApproximateNumberOfMessagesMoved ?? 0);
      if (task?.Status === "FAILED")
        throw new StoreFailure(
          "unknown",
          `Amazon SQS stopped moving the messages of ${sourceArn} after ${count}: ${task.FailureReason}. Run the command again.`,
        );
      if (task?.Status !== "RUNNING" && task?.Status !== "CANCELLING") return count;
      if (signal.aborted && task.Status === "RUNNING")
        await client.send(new CancelMessageMoveTaskCommand({ TaskHandle: task.TaskHandle }));
      await pause(pollMs);
    }
  };

  return {
    count: (queue) =>
      request(`Counting the messages of queue ${queue} failed`, async () => {
        try {
          return Number(
            (await readAttributes(queue, "ApproximateNumberOfMessages")).ApproximateNumberOfMessages ?? 0,
          );
        } catch (cause) {
          if (cause instanceof QueueDoesNotExist) return undefined;
          throw cause;
        }
      }),
    receive: (queue) =>
      request(`Receiving messages of queue ${queue} failed`, async () => {
        const { Messages: messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: await findUrl(queue),
            MaxNumberOfMessages: maxBatchSize,
            VisibilityTimeout: visibilitySeconds,
            WaitTimeSeconds: 1,
            MessageAttributeNames: ["All"],
            MessageSystemAttributeNames: ["SentTimestamp", "DeadLetterQueueSourceArn"],
          }),
        );
        return messages.map((message) => {
          const { receiptHandle, ...letter } = toLetter(message);
          receipts.set(letter.id, receiptHandle);
          return letter;
        });
      }),
    release: (queue, messages) =>
      request(`Returning messages to queue ${queue} failed`, async () => {
        for (let first = 0; first < messages.length; first += maxBatchSize)
          await client.send(
            new ChangeMessageVisibilityBatchCommand({
              QueueUrl: await findUrl(queue),
              Entries: messages.slice(first, first + maxBatchSize).map(({ id }, index) => ({
                Id: String(index),
                ReceiptHandle: receipts.get(id),
                VisibilityTimeout: 0,
              })),
            }),
          );
      }),
    send: (queue, body) =>
      request(`Sending to queue ${queue} failed`, async () => {
        await client.send(new SendMessageCommand({ QueueUrl: await findUrl(queue), MessageBody: body }));
      }),
    remove: (queue, { id }) =>
      request(`Deleting message ${id} of queue ${queue} failed`, async () => {
        await client.send(
          new DeleteMessageCommand({ QueueUrl: await findUrl(queue), ReceiptHandle: receipts.get(id) }),
        );
        receipts.delete(id);
      }),
    moveAll: (queue, target, signal) =>
      request(`Moving the messages of queue ${queue} failed`, async () => {
        const sourceArn = await findArn(queue);
        try {
          await client.send(
            new StartMessageMoveTaskCommand({ SourceArn: sourceArn, DestinationArn: await findArn(target) }),
          );
        } catch (cause) {
          // Messages of other services, or a queue that is no dead-letter queue of another one.
          if (cause instanceof UnsupportedOperation || cause instanceof ResourceNotFoundException)
            return undefined;
          throw cause;
        }
        return waitForMove(sourceArn, signal);
      }),
  };
};
