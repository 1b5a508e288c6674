import type { AttemptRecord } from "./attempt-record.ts";

/** The phase of an attempt that writes to the output bucket. */
export const publishingPhase = "publishing";

/**
 * True if an attempt may have left objects in the output bucket: its worker started to publish and wrote no report.
 * Only another attempt can replace or delete them.
 */
export const canHaveLeftoverOutputs = ({
  progress,
  report,
}: Pick<AttemptRecord, "progress" | "report">): boolean =>
  progress.phase === publishingPhase && report === undefined;
