import type { AttemptReport, JobProgress } from "./report.ts";

/** What a record says of its current attempt. */
interface AttemptRecord {
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly progress: JobProgress;
  readonly report?: AttemptReport;
}

/** The stage of an attempt's progress from its first write to the output bucket on. */
export const publishingPhase = "publishing";

/**
 * True where an attempt may have left objects in the output bucket: its worker had begun to publish, and did not say
 * how that ended. Only another attempt can replace or remove them.
 */
export const canHaveLeftoverOutputs = ({
  progress,
  report,
}: Pick<AttemptRecord, "progress" | "report">): boolean =>
  progress.phase === publishingPhase && report === undefined;

/**
 * True where an attempt that failed for a reason that may pass is followed by another. One more than the limit
 * follows an attempt that may have left outputs: no job ends as Error beside objects of its own.
 */
export const hasAttemptLeft = (job: AttemptRecord): boolean =>
  job.attempt < job.maxAttempts + (canHaveLeftoverOutputs(job) ? 1 : 0);
