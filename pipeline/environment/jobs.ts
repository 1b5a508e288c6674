import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));
const commaSeparatedList = z.pipe(
  nonEmptyString,
  z.transform((names) => names.split(",")),
);

/** Variables of every function that uses the jobs table. */
const jobVariables = {
  /** Routes, limits and presets as JSON; a literal of the bundle, see `serializeJobConfiguration`. */
  CONFIGURATION: z.string().check(z.minLength(2)),
  /** Name of the `jobs` table. */
  JOBS_TABLE: nonEmptyString,
  AWS_REGION: nonEmptyString,
};

/** Variables of every function that reads uploads, for messages about a refused read. */
const readerVariables = {
  /** Name of the function's role. */
  ROLE_NAME: nonEmptyString,
  /** Name of the stage, e.g. `prod`. */
  STAGE_NAME: nonEmptyString,
};

/** Variables of every function that claims uploads. */
export const claimVariables = { ...jobVariables, ...readerVariables, OUTPUT_BUCKET: nonEmptyString };

/** Variables of every function that closes jobs and notifies about them. */
export const closeJobVariables = {
  ...jobVariables,
  /** ARN of the topic for closed jobs. */
  TOPIC_ARN: nonEmptyString,
  /** Secret with the transcoder's keys. */
  TRANSCODER_KEYS_SECRET: nonEmptyString,
  /** Endpoint of the transcoder API; the AWS SDK's own variable. */
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: z.url(),
};

/** Variables of every function that starts jobs. */
export const startJobVariables = {
  ...closeJobVariables,
  ...readerVariables,
  /** Id of the transcoder pipeline for Reelway's own jobs. */
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
  /** `ENABLED` if tasks run in public subnets; absent: `DISABLED`. */
  ASSIGN_PUBLIC_IP: z.optional(z.enum(["ENABLED", "DISABLED"])),
};
