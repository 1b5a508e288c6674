import type { Job } from "../pipeline/jobs/job.ts";
import type { ListedJob } from "../runtime/control.ts";
import { getOutputSeconds } from "./render/outputs.ts";

/** Seconds from the job's start (or its claim) to its end (or now). */
export const getElapsedSeconds = (job: Job, now = new Date()): number => {
  const from = Date.parse(job.startedAt ?? job.createdAt);
  const to = job.finishedAt === undefined ? now.getTime() : Date.parse(job.finishedAt);
  return Math.max(0, Math.round(to - from) / 1000);
};

/** Converts a job to the JSON of `demo` and `smoke`. */
export const toJobResult = ({ job, paths }: ListedJob) => ({
  id: job.id,
  source: { bucket: job.source.bucket, key: job.source.key, bytes: job.source.bytes },
  route: job.route,
  engine: job.engine,
  recipe: job.recipe,
  status: job.status,
  outputs: job.outputs.map((output) => ({
    key: output.key,
    path: paths[output.key] ?? null,
    bytes: output.bytes,
    durationSeconds: getOutputSeconds(output) ?? null,
    width: output.width ?? null,
    height: output.height ?? null,
    videoCodec: output.videoCodec ?? null,
    audioCodec: output.audioCodec ?? null,
  })),
  error: job.error,
  elapsedSeconds: getElapsedSeconds(job),
});

/** Converts a job to the JSON of `jobs` and `job`: the fields of `demo`, with progress and times. */
export const toJobDocument = (listedJob: ListedJob) => ({
  ...toJobResult(listedJob),
  attempt: listedJob.job.attempt,
  progress: listedJob.job.progress,
  pendingReason: listedJob.pendingReason ?? null,
  createdAt: listedJob.job.createdAt,
  startedAt: listedJob.job.startedAt ?? null,
  finishedAt: listedJob.job.finishedAt ?? null,
});
