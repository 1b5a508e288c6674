import { createHash } from "node:crypto";
import type { WebhookSettings } from "../configuration/webhooks-schema.ts";
import {
  type AppearanceEvent,
  listEventIdentity,
  parseAppearanceEvent,
} from "../highlights/appearance-event.ts";
import { type FinishedJob, parseFinishedJob } from "../jobs/finished-job.ts";

type WebhookEventType = WebhookSettings["events"][number];

/** An event that webhooks receive. */
export interface WebhookEvent {
  readonly type: WebhookEventType;
  /** Id of the job or the appearance. */
  readonly subjectId: string;
  /** What distinguishes the event from all others. */
  readonly identity: readonly (string | number)[];
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  /** The message of the topic. */
  readonly data: FinishedJob | AppearanceEvent;
}

/** One event for one webhook. It is the same each time it is built from the same message. */
export interface WebhookDelivery extends Pick<WebhookEvent, "type" | "subjectId"> {
  /** The header `webhook-id`: the same for every retry and redelivery. */
  readonly id: string;
  /** JSON document `{ type, timestamp, data }`; `data` is the message of the topic. */
  readonly body: string;
}

const typeByStatus = {
  Complete: "job.complete",
  Error: "job.error",
  Canceled: "job.canceled",
  open: "appearance.started",
  closed: "appearance.ended",
} as const satisfies Record<FinishedJob["status"] | AppearanceEvent["status"], WebhookEventType>;

/** Lists the values of the field `status` in the messages that a webhook receives. */
export const listStatuses = ({ events }: Pick<WebhookSettings, "events">): readonly string[] =>
  Object.entries(typeByStatus).flatMap(([status, type]) => (events.includes(type) ? [status] : []));

/** Builds the event of a finished job. An operator's retry is another attempt, whose end is another event. */
export const buildJobEvent = (job: FinishedJob): WebhookEvent => ({
  type: typeByStatus[job.status],
  subjectId: job.id,
  identity: [job.id, job.attempt],
  timestamp: job.finishedAt ?? job.createdAt,
  data: job,
});

const wrapAppearanceEvent = (event: AppearanceEvent): WebhookEvent => ({
  type: typeByStatus[event.status],
  subjectId: event.id,
  identity: listEventIdentity(event),
  timestamp: event.endedAt ?? event.startedAt,
  data: event,
});

/** Parses a message of the topic of finished jobs, which also has appearances; undefined if it is neither. */
export const parseWebhookEvent = (message: unknown): WebhookEvent | undefined => {
  const job = parseFinishedJob(message);
  if (job !== undefined) return buildJobEvent(job);
  const event = parseAppearanceEvent(message);
  return event && wrapAppearanceEvent(event);
};

/** Computes `webhook-id` from the name of the webhook and what identifies the event. */
export const computeDeliveryId = (webhook: string, { identity }: Pick<WebhookEvent, "identity">): string =>
  `msg_${createHash("sha256")
    .update(JSON.stringify([webhook, ...identity]))
    .digest("hex")
    .slice(0, 32)}`;

/** Builds the delivery of an event; undefined if the webhook does not receive it. */
export const buildDelivery = (
  { name, events }: Pick<WebhookSettings, "name" | "events">,
  event: WebhookEvent,
): WebhookDelivery | undefined => {
  const { type, subjectId, timestamp, data } = event;
  return events.includes(type)
    ? {
        id: computeDeliveryId(name, event),
        type,
        subjectId,
        body: JSON.stringify({ type, timestamp, data }),
      }
    : undefined;
};

/** The log fields of a delivery: its id, and that of its job or appearance. */
export const describeDelivery = ({
  id,
  type,
  subjectId,
}: Pick<WebhookDelivery, "id" | "type" | "subjectId">): Readonly<Record<string, string>> => ({
  webhookId: id,
  [type.startsWith("job.") ? "jobId" : "appearanceId"]: subjectId,
});
