import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Queue } from "../../pipeline/ports/queue.ts";
import { toStoreFailure } from "./store-failure.ts";

/** SQS delays a message by at most 15 minutes. */
const maxDelaySeconds = 900;

/** Creates a port to an Amazon SQS queue. */
export const createSqsQueue = (client: SQSClient, url: string): Queue => ({
  async send(message, options) {
    try {
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: JSON.stringify(message),
          DelaySeconds:
            options?.delaySeconds === undefined
              ? undefined
              : Math.min(maxDelaySeconds, Math.ceil(options.delaySeconds)),
        }),
      );
    } catch (cause) {
      throw toStoreFailure(`Sending to queue ${url} failed`, cause);
    }
  },
});
