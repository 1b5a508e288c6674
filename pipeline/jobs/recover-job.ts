import type { JobOutput } from "../attempts/report.ts";
import type { JobError } from "../errors/job-error.ts";
import type { Job } from "./job.ts";
import type { JobOutcome } from "./job-store.ts";

/** Outcome of a job from a source other than its record. */
export interface RecoveredOutcome {
  readonly status: JobOutcome["status"];
  readonly attempt: number;
  readonly outputs: readonly JobOutput[];
  readonly error: JobError | null;
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly finishedAt?: string;
}

/**
 * Rebuilds the record of a closed job from its upload and its outcome.
 *
 * @param job as a claim of the upload would create it
 * @param now ISO 8601
 */
export const recoverJob = (job: Job, outcome: RecoveredOutcome, now: string): Job => {
  const { status, attempt, outputs, error } = outcome;
  const finishedAt = outcome.finishedAt ?? now;
  return {
    ...job,
    status,
    attempt,
    maxAttempts: Math.max(job.maxAttempts, attempt),
    outputs: status === "Complete" ? outputs : [],
    error: status === "Error" ? error : null,
    progress: status === "Complete" ? { percent: 100, phase: "complete" } : job.progress,
    createdAt: outcome.createdAt ?? job.createdAt,
    updatedAt: now,
    finishedAt,
    history: [
      ...job.history,
      { at: now, status, attempt, detail: `record rebuilt; the job ended at ${finishedAt}` },
    ],
  };
};
