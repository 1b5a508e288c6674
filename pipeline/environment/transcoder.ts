import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));
const commaSeparatedList = z.pipe(
  nonEmptyString,
  z.transform((names) => names.split(",")),
);

/** Environment variables of the transcoder API. */
export const transcoderApiEnvironment = z.object({
  /** Routes and limits as JSON; a literal of the bundle. */
  CONFIGURATION: z.string().check(z.minLength(2)),
  TRANSCODER_TABLE: nonEmptyString,
  TRANSCODER_KEYS_SECRET: nonEmptyString,
  /** URL of the dispatcher's queue. */
  DISPATCHER_QUEUE_URL: z.url(),
  /** Region and account of the ARNs. */
  AWS_REGION: nonEmptyString,
  ACCOUNT_ID: z.string().check(z.regex(/^\d{12}$/)),
});

/** Environment variables of the function that closes transcoder jobs. */
export const transcoderEventsEnvironment = z.object({
  CONFIGURATION: z.string().check(z.minLength(2)),
  TRANSCODER_TABLE: nonEmptyString,
  DISPATCHER_QUEUE_URL: z.url(),
  AWS_REGION: nonEmptyString,
});

/** Environment variables of the dispatcher. */
export const transcoderDispatcherEnvironment = z.object({
  CONFIGURATION: z.string().check(z.minLength(2)),
  TRANSCODER_TABLE: nonEmptyString,
  /** The table with the bucket that limits the rate of RunTask calls. */
  JOBS_TABLE: nonEmptyString,
  AWS_REGION: nonEmptyString,
  CLUSTER: nonEmptyString,
  TASK_DEFINITION: nonEmptyString,
  CONTAINER_NAME: nonEmptyString,
  SUBNETS: commaSeparatedList,
  SECURITY_GROUPS: commaSeparatedList,
  CAPACITY_PROVIDER: z.optional(nonEmptyString),
  /** `ENABLED` if tasks run in public subnets; absent: `DISABLED`. */
  ASSIGN_PUBLIC_IP: z.optional(z.enum(["ENABLED", "DISABLED"])),
  /** Maximum running jobs per pipeline. */
  MAX_CONCURRENT_JOBS: z.coerce.number().check(z.int(), z.positive()),
});
