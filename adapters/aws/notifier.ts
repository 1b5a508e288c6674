import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Notifier } from "../../pipeline/ports/services.ts";
import { storeFailure } from "./failure.ts";

/** Amazon SNS topics; the notification's id travels as message attribute `id`. */
export const createSnsNotifier = (client: SNSClient): Notifier => ({
  async publish(topic, notification) {
    try {
      await client.send(
        new PublishCommand({
          TopicArn: topic,
          Subject: notification.subject.slice(0, 100),
          Message: notification.message,
          MessageAttributes: { id: { DataType: "String", StringValue: notification.id } },
        }),
      );
    } catch (cause) {
      throw storeFailure(`Publishing to topic ${topic} failed`, cause);
    }
  },
});
