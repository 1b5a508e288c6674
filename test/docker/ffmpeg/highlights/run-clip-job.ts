import { totalmem } from "node:os";
import { runAttempt } from "../../../../docker/ffmpeg/attempt/run-attempt.ts";
import { createJobAttemptStore } from "../../../../docker/ffmpeg/attempt-store/job-attempt-store.ts";
import { probeCapabilities } from "../../../../docker/ffmpeg/programs/capabilities.ts";
import type { AttemptReport } from "../../../../pipeline/attempts/report.ts";
import type { Job } from "../../../../pipeline/jobs/job.ts";
import type { JobStore } from "../../../../pipeline/jobs/job-store.ts";
import type { ObjectStore } from "../../../../pipeline/ports/object-store.ts";
import type { MediaPrograms } from "../../../e2e/media-programs.ts";
import { silentLog } from "../../../state-machine/system-fixture.ts";

interface ClipJobOptions {
  readonly jobs: JobStore;
  readonly objects: ObjectStore;
  readonly jobId: string;
  /** Folder for the worker's files. */
  readonly scratch: string;
}

/** Runs the first attempt of a job as the worker does. */
export const runClipJob = async (
  { paths }: MediaPrograms,
  { jobs, objects, jobId, scratch }: ClipJobOptions,
): Promise<{ readonly code: number; readonly job: Job; readonly report: AttemptReport }> => {
  const code = await runAttempt(
    {
      openObjectStore: () => objects,
      programs: paths,
      imageProgram: "/nonexistent",
      readCapabilities: (recipe, signal) => probeCapabilities(paths.ffmpeg, recipe, signal),
      scratch,
      threads: 2,
      readTimeoutSeconds: 20,
      ffmpegTimeoutSeconds: 60,
      progressTimeoutSeconds: 60,
      progressPeriodSeconds: 1,
      maxScratchBytes: 2 ** 30,
      graceSeconds: 1,
      taskMemoryBytes: totalmem(),
      retryPolicy: { retries: 1, minDelayMs: 1 },
      log: silentLog,
    },
    createJobAttemptStore(jobs, jobId, 1),
    new AbortController().signal,
  );
  const job = await jobs.read(jobId);
  if (job?.report === undefined) throw new Error(`Job ${jobId} has no report.`);
  return { code, job, report: job.report };
};
