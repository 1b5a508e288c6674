import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Moto } from "../contract/moto.ts";

/** Receives the given number of messages from a queue, however long they take. */
export const receiveMessages = async (
  moto: Moto,
  queue: string,
  count: number,
): Promise<readonly Message[]> => {
  const sqs = new SQSClient(moto.client);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  const received: Message[] = [];
  while (received.length < count) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        WaitTimeSeconds: 10,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["All"],
      }),
    );
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    received.push(...Messages);
  }
  return received;
};

/**
 * The event that Lambda builds from a queue's messages (AWS Lambda developer guide, Using Lambda with Amazon
 * SQS).
 */
export const queueEvent = async (moto: Moto, queue: string, count: number): Promise<unknown> => {
  const sqs = new SQSClient(moto.client);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const messages = await receiveMessages(moto, queue, count);
  return {
    Records: messages.map(({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes: attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes,
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: Attributes?.QueueArn,
      awsRegion: moto.client.region,
    })),
  };
};
