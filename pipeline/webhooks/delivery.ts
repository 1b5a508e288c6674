import { createHash } from "node:crypto";
import type { WebhookSettings } from "../configuration/webhooks-schema.ts";
import type { FinishedJob } from "../jobs/finished-job.ts";

/** One event for one webhook. It is the same each time it is built from the same message. */
export interface WebhookDelivery {
  /** The header `webhook-id`: the same for every retry and redelivery. */
  readonly id: string;
  readonly type: WebhookSettings["events"][number];
  /** JSON document `{ type, timestamp, data }`; `data` is the message of the topic of finished jobs. */
  readonly body: string;
}

const typeByStatus = {
  Complete: "job.complete",
  Error: "job.error",
  Canceled: "job.canceled",
} as const satisfies Record<FinishedJob["status"], WebhookSettings["events"][number]>;

/** Lists the statuses of the jobs whose events a webhook receives. */
export const listStatuses = ({ events }: Pick<WebhookSettings, "events">): readonly FinishedJob["status"][] =>
  (["Complete", "Error", "Canceled"] as const).filter((status) => events.includes(typeByStatus[status]));

/** Computes `webhook-id` from the name of the webhook, the job and its attempt. */
export const computeDeliveryId = (
  webhook: string,
  { id, attempt }: Pick<FinishedJob, "id" | "attempt">,
): string =>
  `msg_${createHash("sha256")
    .update(JSON.stringify([webhook, id, attempt]))
    .digest("hex")
    .slice(0, 32)}`;

/** Builds the delivery of a finished job; undefined if the webhook does not receive its event. */
export const buildDelivery = (
  { name, events }: Pick<WebhookSettings, "name" | "events">,
  job: FinishedJob,
): WebhookDelivery | undefined => {
  const type = typeByStatus[job.status];
  return events.includes(type)
    ? {
        id: computeDeliveryId(name, job),
        type,
        body: JSON.stringify({ type, timestamp: job.finishedAt ?? job.createdAt, data: job }),
      }
    : undefined;
};
