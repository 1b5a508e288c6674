import * as z from "zod";

/** Variables of a task that a function starts. */
export const workerEnvironment = z.object({
  JOB_ID: z.string().min(1),
  JOB_TABLE: z.string().min(1),
  JOB_ATTEMPT: z.string().regex(/^[1-9]\d*$/),
});
/** Variables of a task that EventBridge starts directly, from its input transformer. */
export const directEnvironment = z.object({
  ROUTE: z.string().min(1),
  SOURCE_BUCKET: z.string().min(1),
  SOURCE_KEY: z.string().min(1),
  SOURCE_VERSION: z.string(),
  SOURCE_SEQUENCER: z.string().optional(),
  OUTPUT_BUCKET: z.string().min(1),
  /** Uploads to other buckets are ignored; absent: all are accepted. */
  INPUT_BUCKET: z.string().min(1).optional(),
});
/** Variables of every task, from the task definition or the runtime on one machine. */
export const taskDefinitionEnvironment = z.object({
  /** `s3`, or `file:` and the directory of the local object store. */
  OBJECT_STORE: z.string().regex(/^(s3$|file:)/),
  /**
   * The stage's own buckets, separated by commas. The worker accesses other buckets with the pipeline's role. Absent:
   * it accesses all buckets with its own role.
   */
  STAGE_BUCKETS: z.string().optional(),
  /** Name of the `jobs` table. */
  JOBS_TABLE: z.string().min(1),
  /** Name of the `transcoder` table. */
  TRANSCODER_TABLE: z.string().min(1),
  /** Path of the embedded database's Unix socket; absent: the tables are in DynamoDB. */
  DATABASE_SOCKET_PATH: z.string().min(1).optional(),
  /** Prefix of the deployment's names: the dimension `stage` of the metrics. Absent: no metrics are published. */
  STAGE: z.string().min(1).optional(),
  /** Name of the stage, e.g. `prod`, and of the task's role, for messages about a refused read. Absent: on one machine. */
  STAGE_NAME: z.string().min(1).optional(),
  ROLE_NAME: z.string().min(1).optional(),
  /** Directory for staging. The worker deletes its files before it exits. */
  SCRATCH_DIRECTORY: z.string().min(1),
  /** Routes and limits as JSON; used only by tasks that EventBridge starts directly. */
  CONFIGURATION: z.string().min(2),
  /**
   * User and group of ffmpeg, ffprobe and the image program, e.g. `10002:10002`; the worker must then be root. Absent:
   * they run as the worker's own user. The worker ends all processes of this user, so nothing else may have it.
   */
  MEDIA_USER: z
    .string()
    .regex(/^[1-9]\d*:[1-9]\d*$/)
    .optional(),
  /** Paths of ffmpeg and ffprobe; absent: the first on PATH. */
  FFMPEG_PATH: z.string().optional(),
  FFPROBE_PATH: z.string().optional(),
  /** Seconds without data from the source after which a read is retried. */
  READ_TIMEOUT_SECONDS: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  /** Seconds between writes of the progress. @default 10 */
  PROGRESS_PERIOD_SECONDS: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  /** Seconds without progress after which an ffmpeg run is stopped. */
  PROGRESS_TIMEOUT_SECONDS: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  /** Maximum seconds of one ffmpeg run. */
  FFMPEG_TIMEOUT_SECONDS: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  /** Maximum bytes of an attempt's files in SCRATCH. */
  MAX_SCRATCH_BYTES: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
});
export type DirectEnvironment = z.infer<typeof directEnvironment>;
export type WorkerEnvironment = z.infer<typeof workerEnvironment> | z.infer<typeof directEnvironment>;
export type TaskDefinitionEnvironment = z.infer<typeof taskDefinitionEnvironment>;
