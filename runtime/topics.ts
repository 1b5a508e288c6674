import * as z from "zod";
import type { HttpSubscriptions } from "../adapters/local/http-subscriptions.ts";
import { createLocalNotifier } from "../adapters/local/notifier.ts";
import type { Notifier } from "../pipeline/ports/notifier.ts";

const messageSchema = z.looseObject({ id: z.string().optional() });
type Subscriber = (message: z.infer<typeof messageSchema>, event: unknown) => Promise<unknown>;

/** Builds an SNS event for a Lambda (AWS Lambda developer guide, "Using AWS Lambda with Amazon SNS"). */
const createSnsEvent = (topic: string, id: string, subject: string, message: string): unknown => ({
  Records: [
    {
      EventSource: "aws:sns",
      Sns: { MessageId: id, TopicArn: topic, Subject: subject, Message: message },
    },
  ],
});

/**
 * Creates the notifier of one machine, for topics of any name. Each message is appended to a log file, queued for the
 * topic's HTTP subscribers, and passed to its subscriber in this process.
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
