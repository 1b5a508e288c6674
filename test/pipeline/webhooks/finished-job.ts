import type { FinishedJob } from "../../../pipeline/jobs/finished-job.ts";

/** The message of a finished job. */
export const buildFinishedJob = (fields: Partial<FinishedJob> = {}): FinishedJob => ({
  id: "a".repeat(52),
  attempt: 1,
  status: "Complete",
  route: "web",
  engine: "ffmpeg",
  recipe: "transcode",
  source: { bucket: "in", key: "films/ü.mp4", versionId: "v" },
  outputBucket: "out",
  outputs: [],
  error: null,
  createdAt: "2026-11-21T03:00:00.000Z",
  finishedAt: "2026-11-21T03:01:00.000Z",
  ...fields,
});
