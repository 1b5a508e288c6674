import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));

/** Environment variables of the watcher of a channel, on AWS and on one machine. */
export const watcherEnvironment = z.object({
  /** JSON of the channel (`serializeChannels`). */
  CHANNELS: z.string().check(z.minLength(2)),
  CHANNELS_TABLE: nonEmptyString,
  DETECTIONS_TABLE: nonEmptyString,
  LABELS_TABLE: nonEmptyString,
  APPEARANCES_TABLE: nonEmptyString,
  /** Table of the jobs, for those of clips. */
  JOBS_TABLE: nonEmptyString,
  /** Bucket of archived segments and frames. */
  ARCHIVE_BUCKET: nonEmptyString,
  /** Prefix of their keys, with a trailing slash. */
  ARCHIVE_PREFIX: z.string().check(z.regex(/^[^/].*\/$/, "must be a prefix with a trailing slash")),
  /** Bucket of the clips. */
  OUTPUT_BUCKET: nonEmptyString,
  /** Limits of the configuration as JSON, for the jobs of clips and for the frames of the channel. */
  LIMITS: z.string().check(z.minLength(2)),
  /** Topic of finished jobs, which also has the starts and ends of appearances. */
  TOPIC_ARN: nonEmptyString,
  /** Writable directory for temporary files. */
  SCRATCH_DIRECTORY: nonEmptyString,
  AWS_REGION: nonEmptyString,
  /** `s3`, or `file:` and the directory of the local object store. */
  OBJECT_STORE: z._default(z.string().check(z.regex(/^(s3$|file:)/)), "s3"),
  /** Path of the embedded database's Unix socket. Absent: Amazon DynamoDB. */
  DATABASE_SOCKET_PATH: z.optional(nonEmptyString),
  /** Prefix of the deployment's names: the dimension `stage` of the metrics. Absent: no metrics are published. */
  STAGE: z.optional(nonEmptyString),
  /** Paths of ffmpeg and ffprobe. Absent: the first on PATH. */
  FFMPEG_PATH: z.optional(nonEmptyString),
  FFPROBE_PATH: z.optional(nonEmptyString),
  /** Memory of the function, MiB; set by AWS Lambda. Absent: that of the machine. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.optional(z.coerce.number().check(z.int(), z.positive())),
  /** Host and port of the Runtime API; set by AWS Lambda. Absent: the program watches the channel once and exits. */
  AWS_LAMBDA_RUNTIME_API: z.optional(nonEmptyString),
});
export type WatcherEnvironment = z.output<typeof watcherEnvironment>;
