import type { AttemptRecord } from "./attempt-record.ts";

/** The phase of an attempt's progress from its first write to the output bucket on. */
export const publishingPhase = "publishing";

/**
 * True if an attempt may have left objects in the output bucket: its worker had begun to publish, and did not report
 * how that ended. Only another attempt can replace or remove them.
 */
export const canHaveLeftoverOutputs = ({
  progress,
  report,
}: Pick<AttemptRecord, "progress" | "report">): boolean =>
  progress.phase === publishingPhase && report === undefined;
