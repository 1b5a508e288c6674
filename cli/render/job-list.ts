import { toPrintable } from "../../pipeline/text/format.ts";
import type { ListedJob } from "../../runtime/control.ts";
import { renderJobTable } from "./job-table.ts";
import { truncateEnd } from "./width.ts";

/** A job on a failing engine says so in place of its stage. */
const withPendingPhase = ({ job, pendingReason }: ListedJob): ListedJob["job"] =>
  pendingReason === undefined
    ? job
    : { ...job, progress: { ...job.progress, phase: `pending: ${job.engine ?? "engine"} is failing` } };

/**
 * The table of jobs, below the lines on engines that are failing.
 *
 * @param room `rows` of a terminal that is drawn over and over: there each line is cut to one row
 */
export const renderJobList = (
  jobs: readonly ListedJob[],
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
