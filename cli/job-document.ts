import type { Job } from "../pipeline/jobs/job.ts";
import type { ListedJob } from "../runtime/control.ts";
import { outputSeconds } from "./render/outputs.ts";

/** Seconds of work: from the start, or the claim, to the end, or now. */
export const elapsedSeconds = (job: Job, now = new Date()): number => {
  const from = Date.parse(job.startedAt ?? job.createdAt);
  const to = job.finishedAt === undefined ? now.getTime() : Date.parse(job.finishedAt);
  return Math.max(0, Math.round(to - from) / 1000);
};

/** A job as the demo's JSON tells it. */
export const jobResult = ({ job, paths }: ListedJob) => ({
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
    durationSeconds: outputSeconds(output) ?? null,
    width: output.width ?? null,
    height: output.height ?? null,
    videoCodec: output.videoCodec ?? null,
    audioCodec: output.audioCodec ?? null,
  })),
  error: job.error,
  elapsedSeconds: elapsedSeconds(job),
});

/** A job as `jobs --json` and `job --json` tell it: the demo's fields and how far it is. */
export const jobDocument = (listed: ListedJob) => ({
  ...jobResult(listed),
  attempt: listed.job.attempt,
  progress: listed.job.progress,
  pendingReason: listed.pendingReason ?? null,
  createdAt: listed.job.createdAt,
  startedAt: listed.job.startedAt ?? null,
  finishedAt: listed.job.finishedAt ?? null,
});
