import * as z from "zod";

/** What differs from task to task where a Lambda starts it. */
export const workerEnvironment = z.object({
  JOB_ID: z.string().min(1),
  JOB_TABLE: z.string().min(1),
  JOB_ATTEMPT: z.string().regex(/^[1-9]\d*$/),
});
/** What the direct EventBridge route passes instead: flat variables of its input transformer. */
export const directEnvironment = z.object({
  ROUTE: z.string().min(1),
  SOURCE_BUCKET: z.string().min(1),
  SOURCE_KEY: z.string().min(1),
  SOURCE_VERSION: z.string(),
  SOURCE_SEQUENCER: z.string().optional(),
  OUTPUT_BUCKET: z.string().min(1),
  /** Uploads to other buckets are ignored; absent: all are taken. */
  INPUT_BUCKET: z.string().min(1).optional(),
});
/** What every task of the worker has, from its task definition (or the embedded runtime). */
export const taskDefinitionEnvironment = z.object({
  /** `s3`, or `file:` and the folder of the embedded object store. */
  OBJECT_STORE: z.string().regex(/^(s3$|file:)/),
  /**
   * The deployment's own buckets, separated by commas: those of a pipeline that names others are reached by the
   * pipeline's role. Absent: all by the worker's own.
   */
  STAGE_BUCKETS: z.string().optional(),
  /** Name of the `jobs` table. */
  JOBS_TABLE: z.string().min(1),
  /** Name of the `transcoder` table. */
  TRANSCODER_TABLE: z.string().min(1),
  /** Path of the embedded database's Unix socket; absent: the tables are DynamoDB's. */
  DATABASE_SOCKET_PATH: z.string().min(1).optional(),
  /** Prefix of the deployment's names: the dimension `stage` of the metrics. Absent: no metrics are published. */
  STAGE: z.string().min(1).optional(),
  /** Folder for staging; emptied of the worker's own files before it exits. */
  SCRATCH_DIRECTORY: z.string().min(1),
  /** Routes and limits as JSON: read by the direct EventBridge route alone. */
  CONFIGURATION: z.string().min(2),
  /** Paths of the programs; absent: the first on PATH. */
  FFMPEG_PATH: z.string().optional(),
  FFPROBE_PATH: z.string().optional(),
  /** Seconds without a byte of the source after which a read is begun again. */
  READ_TIMEOUT_SECONDS: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  /** Seconds without a sign of progress after which a run of ffmpeg is ended. */
  PROGRESS_TIMEOUT_SECONDS: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  /** Seconds one run of ffmpeg may take. */
  FFMPEG_TIMEOUT_SECONDS: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
  /** Bytes one attempt may hold in its staging. */
  MAX_SCRATCH_BYTES: z
    .string()
    .regex(/^[1-9]\d*$/)
    .optional(),
});
export type DirectEnvironment = z.infer<typeof directEnvironment>;
export type WorkerEnvironment = z.infer<typeof workerEnvironment> | z.infer<typeof directEnvironment>;
export type TaskDefinitionEnvironment = z.infer<typeof taskDefinitionEnvironment>;
