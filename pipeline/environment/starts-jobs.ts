import * as z from "zod";

const list = z
  .string()
  .min(1)
  .transform((names) => names.split(","));
const name = z.string().min(1);

/** What every function has that closes jobs and tells of it. */
export const endsJobs = {
  /** Routes, limits and presets as JSON; a literal of the bundle, see `jobConfigurationJson`. */
  CONFIGURATION: z.string().min(2),
  OUTPUT_BUCKET: name,
  /** Name of the `jobs` table. */
  JOBS_TABLE: name,
  /** ARN of the topic of finished jobs. */
  TOPIC_ARN: name,
  /** Secret with the transcoder's keys. */
  TRANSCODER_KEYS_SECRET: name,
  /** Where the transcoder's API is; the SDK's own variable. */
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: z.url(),
  AWS_REGION: name,
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
  CAPACITY_PROVIDER: name.optional(),
};
