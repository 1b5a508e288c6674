import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));

/** Environment variables of the function api. */
export const apiEnvironment = z.object({
  /** Routes, limits and presets as JSON; a literal of the bundle, see `serializeJobConfiguration`. */
  CONFIGURATION: z.string().check(z.minLength(2)),
  /** Version of Reelway; a literal of the bundle. */
  REELWAY_VERSION: nonEmptyString,
  AWS_REGION: nonEmptyString,
  JOBS_TABLE: nonEmptyString,
  TRANSCODER_TABLE: nonEmptyString,
  RESPONSES_TABLE: nonEmptyString,
  INPUT_BUCKET: nonEmptyString,
  OUTPUT_BUCKET: nonEmptyString,
  /** ARN of the topic for closed jobs. */
  TOPIC_ARN: nonEmptyString,
  /** Cluster of the worker's tasks. */
  CLUSTER: nonEmptyString,
  /** Secret with the session key and the response key. */
  API_KEYS_SECRET: nonEmptyString,
  /** Secret with the users and tokens. */
  ACCOUNTS_SECRET: nonEmptyString,
  /** Secret with the private playback keys. */
  PLAYBACK_SECRET: nonEmptyString,
  /** SSM parameter with the domain and the keys of CloudFront. */
  SITE_PARAMETER: nonEmptyString,
  /** What the worker's tasks run on, for estimates of their cost. */
  WORKER_ARCHITECTURE: z.enum(["X86_64", "ARM64"]),
  WORKER_SCRATCH_GIB: z.coerce.number().check(z.int(), z.positive()),
  CAPACITY_PROVIDER: z.enum(["FARGATE", "FARGATE_SPOT"]),
  /** `ENABLED` if tasks run in public subnets. */
  ASSIGN_PUBLIC_IP: z.enum(["ENABLED", "DISABLED"]),
  /** Origins whose pages may call the API, separated by commas. */
  ALLOWED_ORIGINS: z._default(
    z.pipe(
      z.string(),
      z.transform((origins) => origins.split(",").filter((origin) => origin !== "")),
    ),
    [],
  ),
  /** Name of the stage, e.g. `prod`, which selects its channels. */
  STAGE_NAME: nonEmptyString,
  /** Tables of watched channels; absent: the stage has no channel. */
  CHANNELS_TABLE: z.optional(nonEmptyString),
  DETECTIONS_TABLE: z.optional(nonEmptyString),
  LABELS_TABLE: z.optional(nonEmptyString),
  APPEARANCES_TABLE: z.optional(nonEmptyString),
  /** Issuer of the ID tokens; absent: users sign in with a password. */
  COGNITO_ISSUER: z.optional(z.url()),
  COGNITO_CLIENT_ID: z.optional(nonEmptyString),
});
