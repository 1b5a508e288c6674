import type { Logger } from "../ports/logger.ts";
import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";

/** Lambda's partial batch response: the messages that the queue shall deliver again. */
export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** What Lambda's event source mapping passes of an SQS queue (AWS Lambda developer guide, "Using Lambda with Amazon SQS"). */
const sqsEventSchema = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal("aws:sqs"),
      messageId: z.string().check(z.minLength(1)),
      body: z.string(),
    }),
  ),
});

/** True for a batch of a queue's messages. */
export const isMessageBatch = (event: unknown): boolean => sqsEventSchema.safeParse(event).success;

/** What a message says; text that is no JSON stays text. */
const parseMessageBody = (body: string): unknown => {
  const content = parseJson(body);
  return content === undefined ? body : content;
};

/**
 * Handles an event, or each message of an SQS batch side by side: those that fail are answered, so that they alone
 * are delivered again and end in the queue's dead-letter queue.
 *
 * @param handle given the event itself, or a message's content
 * @throws what `handle` rejects with, where the event came without a queue
 */
export const handleMessages = async (
  event: unknown,
  log: Logger,
  handle: (content: unknown) => Promise<void>,
): Promise<BatchResponse> => {
  const messages = sqsEventSchema.safeParse(event);
  if (!messages.success) {
    await handle(event);
    return { batchItemFailures: [] };
  }
  const results = await Promise.all(
    messages.data.Records.map(async ({ messageId, body }) => {
      try {
        await handle(parseMessageBody(body));
        return [];
      } catch (error) {
        log.error("A message goes back to the queue", { messageId, error });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: results.flat() };
};
