import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Notifier } from "../../pipeline/ports/notifier.ts";
import { toStoreFailure } from "./store-failure.ts";

/** SNS takes less than 100 characters, none of them a control character (Amazon SNS API reference, Publish, Subject). */
const maxSubjectCharacters = 99;

/** One line that SNS takes; undefined where nothing is left. */
const truncateSubject = (subject: string): string | undefined => {
  const line = subject.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ").trim();
  let result = "";
  for (const character of line) {
    if (result.length + character.length > maxSubjectCharacters) break;
    result += character;
  }
  return result === "" ? undefined : result;
};

/** Amazon SNS topics; the notification's id travels as message attribute `id`. */
export const createSnsNotifier = (client: SNSClient): Notifier => ({
  async publish(topic, notification) {
    try {
      await client.send(
        new PublishCommand({
          TopicArn: topic,
          Subject: truncateSubject(notification.subject),
          Message: notification.message,
          MessageAttributes: { id: { DataType: "String", StringValue: notification.id } },
        }),
      );
    } catch (cause) {
      throw toStoreFailure(`Publishing to topic ${topic} failed`, cause);
    }
  },
});
