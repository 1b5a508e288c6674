import * as z from "../schema/z.ts";
import { findUrlProblem } from "./endpoint-url.ts";
import { isSelected } from "./selected-stages.ts";

/** Events of finished jobs, by the job's final status, and of appearances in channels. */
export const webhookEvents = [
  "job.complete",
  "job.error",
  "job.canceled",
  "appearance.started",
  "appearance.ended",
] as const;

/** More would exceed the limit of a role's policy. */
export const maxWebhooks = 10;

const webhookSchema = z
  .strictObject({
    name: z.string().check(
      z.regex(
        // `-dlq` ends the name of a dead-letter queue.
        /^(?!.*-dlq$)[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,31}$/,
        "must be 1–32 of a–z, 0–9 and single - between them, beginning with a letter and not ending in -dlq",
      ),
    ),
    url: z.string().check(z.maxLength(2048)),
    secret: z
      .string()
      .check(
        z.regex(
          /^[A-Za-z0-9][\w/+=.@-]{0,127}$/,
          "must be the name of a secret in AWS Secrets Manager: 1–128 letters, digits and /_+=.@-",
        ),
      ),
    events: z.array(z.enum(webhookEvents)).check(z.minLength(1)),
    stages: z.optional(z.array(z.string()).check(z.minLength(1))),
  })
  .check(({ value, issues }) => {
    const message = findUrlProblem(value.url, value.stages, "the signature proves the sender");
    if (message !== undefined) issues.push({ code: "custom", path: ["url"], message, input: value.url });
  });

/** HTTP endpoints that receive the events of finished jobs and of appearances. */
export const webhooksSchema = z._default(z.array(webhookSchema).check(z.maxLength(maxWebhooks)), []);

/** An HTTP endpoint that receives events. */
export type WebhookSettings = z.output<typeof webhookSchema>;

/**
 * Selects the webhooks of a stage. Without `stages`, a webhook belongs to every stage on AWS, and not to the runtime on
 * one machine.
 */
export const selectWebhooks = (
  webhooks: readonly WebhookSettings[],
  stage: string,
): readonly WebhookSettings[] => webhooks.filter(({ stages }) => isSelected(stages, stage));
