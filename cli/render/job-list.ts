import type { JobDocument } from "../../pipeline/api/job-document.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { type JobRow, type JobTableOptions, renderJobTable } from "./job-table.ts";
import { truncateEnd } from "./width.ts";

/** Replaces the phase of a job that waits by the reason. A line above the table describes an engine that fails. */
const withPendingPhase = (job: JobDocument, isEngineFailing: boolean): JobRow => {
  if (job.pendingReason === null) return job;
  const reason = isEngineFailing ? `${job.engine ?? "engine"} is failing` : job.pendingReason;
  return { ...job, progress: { ...job.progress, phase: `pending: ${reason}` } };
};

/**
 * Renders the table of jobs below one line per failing engine.
 *
 * @param options `rows` only for a display that is redrawn: each line is then truncated to one row
 */
export const renderJobList = (
  jobs: readonly JobDocument[],
  engineLines: readonly string[],
  { columns, rows, ...form }: JobTableOptions,
): string => {
  const lines = engineLines.map((line) =>
    rows === undefined ? toPrintable(line) : truncateEnd(toPrintable(line), columns - 1),
  );
  const table = renderJobTable(
    jobs.map((job) => withPendingPhase(job, engineLines.length > 0)),
    {
      ...form,
      columns,
      ...(rows === undefined ? {} : { rows: rows - lines.length }),
    },
  );
  return [...lines, table].join("\n");
};
