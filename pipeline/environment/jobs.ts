import * as z from "../schema/z.ts";

const name = z.string().check(z.minLength(1));
const list = z.pipe(
  name,
  z.transform((names) => names.split(",")),
);

/** What every function has that knows the jobs. */
const knowsJobs = {
  /** Routes, limits and presets as JSON; a literal of the bundle, see `jobConfigurationJson`. */
  CONFIGURATION: z.string().check(z.minLength(2)),
  /** Name of the `jobs` table. */
  JOBS_TABLE: name,
  AWS_REGION: name,
};

/** What every function has that claims uploads. */
export const claimsUploads = { ...knowsJobs, OUTPUT_BUCKET: name };

/** What every function has that closes jobs and tells of it. */
export const endsJobs = {
  ...knowsJobs,
  /** ARN of the topic of finished jobs. */
  TOPIC_ARN: name,
  /** Secret with the transcoder's keys. */
  TRANSCODER_KEYS_SECRET: name,
  /** Where the transcoder's API is; the SDK's own variable. */
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: z.url(),
};

/** What every function has besides that starts jobs. */
export const startsJobs = {
  ...endsJobs,
  /** Id of the transcoder's pipeline for Reelway's own jobs. */
  TRANSCODER_PIPELINE_ID: name,
  CLUSTER: name,
  TASK_DEFINITION: name,
  /** Name of the worker's container in the task definition. */
  CONTAINER: name,
  /** Separated by commas. */
  SUBNETS: list,
  SECURITY_GROUPS: list,
  /** `FARGATE` or `FARGATE_SPOT`; absent: the cluster's own default. */
  CAPACITY_PROVIDER: z.optional(name),
  /** `ENABLED` where tasks run in public subnets; absent: `DISABLED`. */
  ASSIGN_PUBLIC_IP: z.optional(z.enum(["ENABLED", "DISABLED"])),
};
