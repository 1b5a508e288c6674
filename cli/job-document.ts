import type { Job } from "../pipeline/jobs/job.ts";
import type { ListedJob } from "../runtime/control.ts";
import { getOutputSeconds } from "./render/outputs.ts";

/** Seconds of work: from the start, or the claim, to the end, or now. */
export const getElapsedSeconds = (job: Job, now = new Date()): number => {
  const from = Date.parse(job.startedAt ?? job.createdAt);
  const to = job.finishedAt === undefined ? now.getTime() : Date.parse(job.finishedAt);
  return Math.max(0, Math.round(to - from) / 1000);
};

/** A job as the demo's JSON tells it. */
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

/** A job as `jobs --json` and `job --json` tell it: the demo's fields and how far it is. */
export const toJobDocument = (listedJob: ListedJob) => ({
  ...toJobResult(listedJob),
  attempt: listedJob.job.attempt,
  progress: listedJob.job.progress,
  pendingReason: listedJob.pendingReason ?? null,
  createdAt: listedJob.job.createdAt,
  startedAt: listedJob.job.startedAt ?? null,
  finishedAt: listedJob.job.finishedAt ?? null,
});
