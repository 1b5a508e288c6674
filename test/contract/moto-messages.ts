import { randomUUID } from "node:crypto";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { createSnsNotifier } from "../../adapters/aws/notifier.ts";
import { createSqsQueue } from "../../adapters/aws/queue.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { Moto } from "./moto.ts";
import type { NotifierFixture } from "./notifier.ts";
import type { QueueFixture } from "./queue.ts";

const newQueue = async (client: SQSClient): Promise<string> => {
  const { QueueUrl: url } = await client.send(new CreateQueueCommand({ QueueName: randomUUID() }));
  if (url === undefined) throw new Error("no queue");
  return url;
};
const receive = async (client: SQSClient, url: string): Promise<unknown> => {
  for (;;) {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }),
    );
    const [message] = messages;
    if (message?.Body === undefined) continue;
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
    return JSON.parse(message.Body);
  }
};

/** A moto queue, read as an SQS consumer does. */
export const openMotoQueue = async (moto: Moto): Promise<QueueFixture> => {
  const client = new SQSClient(moto.client);
  const url = await newQueue(client);
  return {
    queue: createSqsQueue(client, url),
    receive: () => receive(client, url),
    close: () => client.destroy(),
  };
};

/** What SNS sends to a queue (Amazon SNS developer guide, "Parsing message formats"). */
const envelope = z.object({
  Subject: z.optional(z.string()),
  Message: z.string(),
  MessageAttributes: z.object({ id: z.object({ Type: z.literal("String"), Value: z.string() }) }),
});

/** Two moto topics, each with a subscribed queue. */
export const openMotoNotifier = async (moto: Moto): Promise<NotifierFixture> => {
  const sns = new SNSClient(moto.client);
  const sqs = new SQSClient(moto.client);
  const queues = new Map<string, string>();
  const newTopic = async (): Promise<string> => {
    const url = await newQueue(sqs);
    const { TopicArn: topic = "" } = await sns.send(new CreateTopicCommand({ Name: randomUUID() }));
    const { Attributes: attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
    );
    await sns.send(
      new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: attributes?.QueueArn }),
    );
    queues.set(topic, url);
    return topic;
  };
  return {
    topics: [await newTopic(), await newTopic()],
    notifier: createSnsNotifier(sns),
    async receive(topic) {
      const { Subject, Message, MessageAttributes } = envelope.parse(
        await receive(sqs, queues.get(topic) ?? ""),
      );
      return { id: MessageAttributes.id.Value, subject: Subject ?? "", message: Message };
    },
  };
};
