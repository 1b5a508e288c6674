import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));

/** Environment variables of the function webhooks. */
export const webhooksEnvironment = z.object({
  /** The webhooks of the configuration as JSON; a literal of the bundle. */
  CONFIGURATION: z.string().check(z.minLength(2)),
  /** Name of the `jobs` table, which also has the counts of the webhooks. */
  JOBS_TABLE: nonEmptyString,
  /** The name of a webhook's queue is this prefix and the name of the webhook. */
  QUEUE_PREFIX: nonEmptyString,
  AWS_REGION: nonEmptyString,
});
