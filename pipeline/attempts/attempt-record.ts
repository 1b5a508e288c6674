import type { Deferral } from "./deferral.ts";
import type { JobStatus } from "./job-status.ts";
import type { AttemptReport, JobProgress } from "./report.ts";

/** The fields of a job record, Reelway's or the transcoder's, that describe its current attempt. */
export interface AttemptRecord {
  readonly id: string;
  readonly status: JobStatus;
  /** 1 for the first. */
  readonly attempt: number;
  /** The last attempt that starts without an operator. */
  readonly maxAttempts: number;
  readonly progress: JobProgress;
  readonly report?: AttemptReport;
  /** Why the current attempt waits. */
  readonly deferral?: Deferral;
}
