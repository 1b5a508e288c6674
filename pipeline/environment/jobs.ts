import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));
const commaSeparatedList = z.pipe(
  nonEmptyString,
  z.transform((names) => names.split(",")),
);

/** What every function has that knows the jobs. */
const jobVariables = {
  /** Routes, limits and presets as JSON; a literal of the bundle, see `serializeJobConfiguration`. */
  CONFIGURATION: z.string().check(z.minLength(2)),
  /** Name of the `jobs` table. */
  JOBS_TABLE: nonEmptyString,
  AWS_REGION: nonEmptyString,
};

/** What every function has that claims uploads. */
export const claimVariables = { ...jobVariables, OUTPUT_BUCKET: nonEmptyString };

/** What every function has that closes jobs and tells of it. */
export const closeJobVariables = {
  ...jobVariables,
  /** ARN of the topic of finished jobs. */
  TOPIC_ARN: nonEmptyString,
  /** Secret with the transcoder's keys. */
  TRANSCODER_KEYS_SECRET: nonEmptyString,
  /** Where the transcoder's API is; the SDK's own variable. */
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: z.url(),
};

/** What every function has besides that starts jobs. */
export const startJobVariables = {
  ...closeJobVariables,
  /** Id of the transcoder's pipeline for Reelway's own jobs. */
  TRANSCODER_PIPELINE_ID: nonEmptyString,
  CLUSTER: nonEmptyString,
  TASK_DEFINITION: nonEmptyString,
  /** Name of the worker's container in the task definition. */
  CONTAINER_NAME: nonEmptyString,
  /** Separated by commas. */
  SUBNETS: commaSeparatedList,
  SECURITY_GROUPS: commaSeparatedList,
  /** `FARGATE` or `FARGATE_SPOT`; absent: the cluster's own default. */
  CAPACITY_PROVIDER: z.optional(nonEmptyString),
  /** `ENABLED` where tasks run in public subnets; absent: `DISABLED`. */
  ASSIGN_PUBLIC_IP: z.optional(z.enum(["ENABLED", "DISABLED"])),
};
