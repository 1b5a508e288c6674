import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));

/** Environment variables of the watcher of channels. */
export const watcherEnvironment = z.object({
  /** JSON of the channels that it may watch (`parseChannels`). */
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
  /** Topic of finished jobs, which also has the starts and ends of appearances. */
  TOPIC_ARN: nonEmptyString,
  /** Writable directory for temporary files. */
  SCRATCH_DIRECTORY: nonEmptyString,
  AWS_REGION: nonEmptyString,
});
