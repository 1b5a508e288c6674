import type { Logger } from "../ports/logger.ts";
import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";

/** Lambda's partial batch response: the messages that the queue delivers again. */
export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** Event of Lambda's event source mapping for SQS (AWS Lambda developer guide, "Using Lambda with Amazon SQS"). */
const sqsEventSchema = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal("aws:sqs"),
      messageId: z.string().check(z.minLength(1)),
      body: z.string(),
    }),
  ),
});

/** True if the event is a batch of SQS messages. */
export const isMessageBatch = (event: unknown): boolean => sqsEventSchema.safeParse(event).success;

/** Parses a message body. A body that is not JSON is returned as text. */
const parseMessageBody = (body: string): unknown => {
  const content = parseJson(body);
  return content === undefined ? body : content;
};

/**
 * Handles an event, or each message of an SQS batch concurrently. Failed messages are reported, so that only they are
 * delivered again and finally moved to the dead-letter queue.
 *
 * @param handle called with the event itself or a message's content
 * @throws the error of `handle`, if the event is not an SQS batch
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
        log.error("Message failed; returned to the queue", { messageId, error });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: results.flat() };
};
