import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";
import { type ClaimEnvelope, parseUploadEvents, UnreadableEvent } from "./upload.ts";

/** A dead-letter queue of a stage, and where its messages belong. */
export type DeadLetterQueue = { readonly name: string } & (
  | {
      /** It belongs to a queue, and also to the rule, subscription and function of that queue. */
      readonly origin: "queue";
      /** Name of that queue. */
      readonly target: string;
    }
  | {
      /** It belongs to the rules of a route with the trigger `eventbridge`. */
      readonly origin: "direct-route";
      /** Name of the router's queue. */
      readonly target: string;
    }
  /** It belongs to schedules and functions. */
  | { readonly origin: "invocations" }
  | {
      readonly origin: "webhook";
      /** Name of the webhook. */
      readonly webhook: string;
    }
);

/** A message of a dead-letter queue. */
export interface DeadLetter {
  /** Id of the message. */
  readonly id: string;
  readonly body: string;
  /** Message attributes. A service that could not deliver the message describes the failure in them. */
  readonly attributes: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly sentAt: string;
  /** ARN of the queue whose consumer did not process the message; absent if another service sent it. */
  readonly sourceQueueArn?: string;
}

/** What to do with a message of a dead-letter queue. */
export type DeadLetterAction =
  /** Send the body to the queue that it was meant for. */
  | { readonly kind: "requeue"; readonly target: string; readonly body: string }
  /** Send an upload that EventBridge could not start a task for to the router, in a `ClaimEnvelope`. */
  | { readonly kind: "direct-upload"; readonly target: string; readonly body: string }
  /** Delete an invocation of a schedule: the next run does its work. */
  | { readonly kind: "schedule" }
  /** Leave the message to the operator. */
  | { readonly kind: "unknown" };

/** The input of each schedule (modules/schedule.ts). */
const scheduleSchema = z.strictObject({ schedule: z.string() });

const isUpload = (body: string): boolean => {
  try {
    return parseUploadEvents(body).length > 0;
  } catch (error) {
    if (error instanceof UnreadableEvent) return false;
    throw error;
  }
};

/**
 * Decides what to do with a message. Rules and Scheduler send what they could not deliver, unchanged (EventBridge user
 * guide, "Using dead-letter queues to process undelivered events"; Scheduler user guide, "Configuring a dead-letter
 * queue"), as Lambda does with the event of an asynchronous invocation.
 */
export const classifyDeadLetter = (
  { body }: Pick<DeadLetter, "body">,
  queue: DeadLetterQueue,
): DeadLetterAction => {
  if (queue.origin === "webhook") return { kind: "unknown" };
  if (scheduleSchema.safeParse(parseJson(body)).success) return { kind: "schedule" };
  if (queue.origin === "queue") return { kind: "requeue", target: queue.target, body };
  if (queue.origin === "invocations" || !isUpload(body)) return { kind: "unknown" };
  const envelope: ClaimEnvelope = { reelway: "claim", event: parseJson(body) };
  return { kind: "direct-upload", target: queue.target, body: JSON.stringify(envelope) };
};

/** The error code that a service has added to a message; undefined for one that came from a queue. */
export const getErrorCode = ({ attributes }: Pick<DeadLetter, "attributes">): string | undefined =>
  // EventBridge and Scheduler; Lambda.
  attributes.ERROR_CODE ?? attributes.ErrorCode;
