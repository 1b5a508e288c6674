import * as z from "zod";
import type { HttpSubscriptions } from "../adapters/local/http-subscriptions.ts";
import { createLocalNotifier } from "../adapters/local/notifier.ts";
import type { Notifier } from "../pipeline/ports/notifier.ts";

const messageSchema = z.looseObject({ id: z.string().optional() });
type Subscriber = (message: z.infer<typeof messageSchema>, event: unknown) => Promise<unknown>;

/** A message as SNS hands it to a Lambda (AWS Lambda developer guide, "Using AWS Lambda with Amazon SNS"). */
const createSnsEvent = (topic: string, id: string, subject: string, message: string): unknown => ({
  Records: [
    {
      EventSource: "aws:sns",
      Sns: { MessageId: id, TopicArn: topic, Subject: subject, Message: message },
    },
  ],
});

/**
 * The topics of one machine, whatever their names: every message goes to a log file, is kept for the topic's HTTP
 * subscribers, and goes to its subscriber in this process.
 */
export const createTopicNotifier = (
  logFile: string,
  subscriptions: Pick<HttpSubscriptions, "publish">,
  subscribers: Readonly<Record<string, Subscriber>>,
): Notifier =>
  createLocalNotifier(logFile, async (topic, notification) => {
    await subscriptions.publish(topic, notification);
    const { id, subject, message } = notification;
    const parsedMessage = messageSchema.safeParse(JSON.parse(message));
    await subscribers[topic]?.(
      parsedMessage.success ? parsedMessage.data : {},
      createSnsEvent(topic, id, subject, message),
    );
  });
