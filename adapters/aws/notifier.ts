import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Notifier } from "../../pipeline/ports/notifier.ts";
import { toStoreFailure } from "./store-failure.ts";

/** SNS allows less than 100 characters and no control characters (Amazon SNS API reference, Publish, Subject). */
const maxSubjectCharacters = 99;

/** Converts a subject to one line that SNS accepts; undefined if nothing is left. */
const truncateSubject = (subject: string): string | undefined => {
  const line = subject.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ").trim();
  let result = "";
  for (const character of line) {
    if (result.length + character.length > maxSubjectCharacters) break;
    result += character;
  }
  return result === "" ? undefined : result;
};

/** Creates a notifier for Amazon SNS topics. The notification's id is the message attribute `id`. */
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
