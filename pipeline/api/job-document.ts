import * as z from "zod";
import { jobStatuses } from "../attempts/job-status.ts";
import type { JobOutput } from "../attempts/report.ts";
import type { Job } from "../jobs/job.ts";
import { toObjectUrl } from "../ports/object-url.ts";
import type { RecipeName } from "../recipes/recipe.ts";
import { engines } from "../routing/route.ts";
import { getContentType } from "../uploads/content-type.ts";
import { probeSchema } from "./probe-document.ts";

/** Names of the recipes. */
export const recipeNames = [
  "transcode",
  "thumbnail",
  "watermark",
  "ladder",
  "audio",
  "image",
  "clip",
  "frames",
] as const satisfies readonly RecipeName[];

const time = (description: string) => z.string().describe(`${description}, ISO 8601.`);
const optionalTime = (description: string, absent: string) =>
  z.string().nullable().describe(`${description}, ISO 8601; null ${absent}.`);

const outputSchema = z
  .object({
    key: z.string().describe("Key in the output bucket."),
    url: z.string().describe("Path of the output on this server: `/output/KEY`, percent-encoded."),
    path: z.string().nullable().describe("Absolute path of the file on one machine; null on AWS."),
    bytes: z.number().describe("Size in bytes."),
    durationSeconds: z
      .number()
      .nullable()
      .describe("Duration in seconds; null for a still image or a text file."),
    width: z.number().nullable().describe("Width in pixels; null without video."),
    height: z.number().nullable().describe("Height in pixels; null without video."),
    videoCodec: z.string().nullable().describe("Video codec as ffprobe names it; null without video."),
    audioCodec: z.string().nullable().describe("Audio codec as ffprobe names it; null without audio."),
  })
  .meta({ id: "JobOutput", description: "An object that a job created." });

/** Why a job failed. */
export const jobErrorSchema = z
  .object({
    code: z.number().describe("Error code of Elastic Transcoder; see the page of errors."),
    name: z.string().describe("Name of the code, e.g. `UnsupportedFormat`."),
    message: z.string().describe("What failed, why, and what to do."),
    retryable: z.boolean().describe("Whether another attempt may succeed without any change."),
  })
  .meta({ id: "JobError", description: "Why a job failed." });

const statusSchema = z.enum(jobStatuses);

/** Progress of a job. */
export const progressSchema = z
  .object({
    percent: z.number().describe("0 to 100."),
    phase: z.string().describe("What the job does now."),
  })
  .describe("Progress of the current attempt.");

/** A job as the HTTP API and `reelway jobs --json` show it. */
export const jobDocumentSchema = z
  .object({
    id: z.string().describe("Id: 52 characters of base32."),
    source: z
      .object({
        bucket: z.string().describe("Bucket of the upload."),
        key: z.string().describe("Key of the upload."),
        bytes: z.number().describe("Size in bytes."),
      })
      .describe("The uploaded object."),
    route: z.string().nullable().describe("Name of the route; null if no route matches the upload."),
    engine: z.enum(engines).nullable().describe("Engine of the route; null if no route matches."),
    recipe: z.enum(recipeNames).nullable().describe("Recipe of the route; null if no route matches."),
    status: statusSchema.describe("Status. Complete, Canceled and Error are terminal."),
    outputs: z.array(outputSchema).describe("Outputs of a Complete job."),
    error: jobErrorSchema.nullable().describe("Why the job failed; null unless the status is Error."),
    elapsedSeconds: z
      .number()
      .describe("Seconds from the start, or from the creation before the start, to the end or last change."),
    attempt: z.number().describe("Number of the current attempt, from 1."),
    maxAttempts: z.number().describe("Number of the last attempt that starts without an operator."),
    progress: progressSchema,
    pendingReason: z
      .string()
      .nullable()
      .describe(
        "Why a Submitted job waits: a limit, a refusal by AWS, or an engine that fails; otherwise null.",
      ),
    createdAt: time("When the job was created"),
    updatedAt: time("When the job last changed"),
    startedAt: optionalTime("When the current attempt started", "before the first start"),
    finishedAt: optionalTime("When the job ended", "before its end"),
  })
  .meta({ id: "Job", description: "A job: one version of an upload on one route." });
export type JobDocument = z.infer<typeof jobDocumentSchema>;

/** A job with its history and the probe of its source. */
export const jobDetailsSchema = jobDocumentSchema
  .extend({
    warnings: z
      .array(z.string())
      .readonly()
      .describe("What is missing from the outputs of a Complete job, e.g. subtitles that could not be read."),
    history: z
      .array(
        z.object({
          at: time("When the change happened"),
          status: statusSchema.describe("Status after the change."),
          attempt: z.number().describe("Number of the attempt."),
          detail: z.string().describe("What happened."),
        }),
      )
      .readonly()
      .describe("Changes of the status, oldest first."),
    probe: probeSchema.nullable().describe("Probe of the source; null before the worker has probed it."),
  })
  .meta({ id: "JobDetails", description: "A job with its history and the probe of its source." });
export type JobDetails = z.infer<typeof jobDetailsSchema>;

/** A job with the paths of its outputs on one machine, keyed by output key. */
export interface ListedJob {
  readonly job: Job;
  readonly paths: Readonly<Record<string, string>>;
  /** Why a Submitted job does not start; set only while its engine is failing. */
  readonly pendingReason?: string;
}

/** Seconds from the job's start (or its creation) to its end (or `now`). */
export const getElapsedSeconds = (
  job: {
    readonly createdAt: string;
    readonly startedAt?: string | null | undefined;
    readonly finishedAt?: string | null | undefined;
  },
  now = new Date(),
): number => {
  const from = Date.parse(job.startedAt ?? job.createdAt);
  const to = job.finishedAt ? Date.parse(job.finishedAt) : now.getTime();
  return Math.max(0, Math.round(to - from) / 1000);
};

/** Duration of an output in seconds; undefined for still images, even if ffprobe reports one. */
export const getOutputSeconds = <Duration extends number | null | undefined>({
  key,
  durationSeconds,
}: {
  readonly key: string;
  readonly durationSeconds?: Duration;
}): Duration | undefined => (/^image\/(?!gif)/.test(getContentType(key)) ? undefined : durationSeconds);

const toOutputResult = (output: JobOutput, path: string | undefined) => ({
  key: output.key,
  path: path ?? null,
  bytes: output.bytes,
  durationSeconds: getOutputSeconds(output) ?? null,
  width: output.width ?? null,
  height: output.height ?? null,
  videoCodec: output.videoCodec ?? null,
  audioCodec: output.audioCodec ?? null,
});

/** Converts a job to the JSON of `demo` and `smoke`. */
export const toJobResult = ({ job, paths }: ListedJob) => ({
  id: job.id,
  source: { bucket: job.source.bucket, key: job.source.key, bytes: job.source.bytes },
  route: job.route,
  engine: job.engine,
  recipe: job.recipe,
  status: job.status,
  outputs: job.outputs.map((output) => toOutputResult(output, paths[output.key])),
  error: job.error,
  elapsedSeconds: getElapsedSeconds(job),
});

/** Why a job waits, and until when. */
const describeWait = ({ deferral, notBefore, updatedAt }: Job): string | undefined => {
  if (deferral === undefined) return undefined;
  const isLater = notBefore !== undefined && notBefore > updatedAt;
  return isLater ? `${deferral.reason} The next start is at ${notBefore.slice(0, 19)}Z.` : deferral.reason;
};

/** Converts a job to its document, which changes only when the job does. */
export const toJobDocument = (listedJob: ListedJob): JobDocument => {
  const { job, pendingReason } = listedJob;
  const { outputs, ...result } = toJobResult(listedJob);
  return {
    ...result,
    outputs: outputs.map((output) => ({ ...output, url: toObjectUrl("output", output.key) })),
    elapsedSeconds: getElapsedSeconds(job, new Date(job.updatedAt)),
    attempt: job.attempt,
    maxAttempts: job.maxAttempts,
    progress: job.progress,
    pendingReason: pendingReason ?? describeWait(job) ?? null,
    createdAt: job.createdAt,
    updatedAt: job.updatedAt,
    startedAt: job.startedAt ?? null,
    finishedAt: job.finishedAt ?? null,
  };
};

/** Converts a job to its document with history and probe. */
export const toJobDetails = (listedJob: ListedJob): JobDetails => ({
  ...toJobDocument(listedJob),
  warnings: listedJob.job.status === "Complete" ? (listedJob.job.report?.warnings ?? []) : [],
  history: listedJob.job.history,
  probe: listedJob.job.probe ?? null,
});
