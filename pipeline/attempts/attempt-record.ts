import type { JobStatus } from "./job-status.ts";
import type { AttemptReport, JobProgress } from "./report.ts";

/** What the record of a job, Reelway's or the transcoder's, says of its current attempt. */
export interface AttemptRecord {
  readonly id: string;
  readonly status: JobStatus;
  /** 1 for the first. */
  readonly attempt: number;
  /** Automatic attempts end here (attempt ≤ maxAttempts). */
  readonly maxAttempts: number;
  readonly progress: JobProgress;
  readonly report?: AttemptReport;
}
