import type { JobDocument } from "../../pipeline/api/job-document.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { type JobRow, renderJobTable } from "./job-table.ts";
import { truncateEnd } from "./width.ts";

/** Replaces the phase of a job whose engine is failing by that reason. */
const withPendingPhase = (job: JobDocument): JobRow =>
  job.pendingReason === null
    ? job
    : { ...job, progress: { ...job.progress, phase: `pending: ${job.engine ?? "engine"} is failing` } };

/**
 * Renders the table of jobs below one line per failing engine.
 *
 * @param size `rows` only for a display that is redrawn: each line is then truncated to one row
 */
export const renderJobList = (
  jobs: readonly JobDocument[],
  engineLines: readonly string[],
  { columns, rows }: { readonly columns: number; readonly rows?: number },
): string => {
  const lines = engineLines.map((line) =>
    rows === undefined ? toPrintable(line) : truncateEnd(toPrintable(line), columns - 1),
  );
  const table = renderJobTable(jobs.map(withPendingPhase), {
    columns,
    ...(rows === undefined ? {} : { rows: rows - lines.length }),
  });
  return [...lines, table].join("\n");
};
