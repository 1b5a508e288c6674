import * as z from "../schema/z.ts";

const name = z.string().check(z.minLength(1));
const list = z.pipe(
  name,
  z.transform((names) => names.split(",")),
);

/** The environment of the transcoder's API. */
export const transcoderApiEnvironment = z.object({
  /** Routes and limits as JSON; a literal of the bundle. */
  CONFIGURATION: z.string().check(z.minLength(2)),
  TRANSCODER_TABLE: name,
  TRANSCODER_KEYS_SECRET: name,
  /** URL of the dispatcher's queue. */
  DISPATCHER_QUEUE_URL: z.url(),
  /** Region and account of the ARNs. */
  AWS_REGION: name,
  ACCOUNT_ID: z.string().check(z.regex(/^\d{12}$/)),
});

/** The environment of what closes transcoder jobs. */
export const transcoderEventsEnvironment = z.object({
  CONFIGURATION: z.string().check(z.minLength(2)),
  TRANSCODER_TABLE: name,
  DISPATCHER_QUEUE_URL: z.url(),
  AWS_REGION: name,
});

/** The dispatcher's environment. */
export const transcoderDispatcherEnvironment = z.object({
  CONFIGURATION: z.string().check(z.minLength(2)),
  TRANSCODER_TABLE: name,
  AWS_REGION: name,
  CLUSTER: name,
  TASK_DEFINITION: name,
  CONTAINER: name,
  SUBNETS: list,
  SECURITY_GROUPS: list,
  CAPACITY_PROVIDER: z.optional(name),
  /** `ENABLED` where tasks run in public subnets; absent: `DISABLED`. */
  ASSIGN_PUBLIC_IP: z.optional(z.enum(["ENABLED", "DISABLED"])),
  /** Jobs of one pipeline at once. */
  CONCURRENCY: z.coerce.number().check(z.int(), z.positive()),
});
