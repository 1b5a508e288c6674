import { getElapsedSeconds, type JobDocument } from "../../pipeline/api/job-document.ts";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import { formatSeconds, toPrintable } from "../../pipeline/text/format.ts";
import { measureText, padEnd, truncateEnd, truncateStart } from "./width.ts";

/** What the table shows of a job. */
export type JobRow = Pick<JobDocument, "id" | "route" | "status" | "progress" | "createdAt"> & {
  readonly source: { readonly key: string };
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
};

/** Shortens a job id to a prefix that identifies the job in practice; commands for the runtime accept it. */
export const shortenId = (id: string): string => id.slice(0, 10);

const columnHeads = ["job", "source", "route", "status", "progress", "time"] as const;
const sourceColumn = 1;
const progressColumn = 4;
const gap = "  ";
/** The progress column drops the phase before the source column gets narrower than this, in cells. */
const minSourceWidth = 40;

const formatProgress = (job: JobRow): string =>
  isTerminal(job.status) ? "" : `${Math.floor(job.progress.percent)}% ${job.progress.phase}`;

const formatCells = (job: JobRow, hasCompleteIds: boolean): readonly string[] =>
  [
    hasCompleteIds ? job.id : shortenId(job.id),
    job.source.key,
    job.route ?? "–",
    job.status,
    formatProgress(job),
    formatSeconds(getElapsedSeconds(job)),
  ].map(toPrintable);

const measureColumns = (rows: readonly (readonly string[])[]): number[] =>
  columnHeads.map((_, column) => Math.max(...rows.map((row) => measureText(row[column] ?? ""))));
const getOverflow = (widths: readonly number[], columns: number): number =>
  Math.max(
    0,
    widths.reduce((sum, width) => sum + width, gap.length * (columnHeads.length - 1)) - (columns - 1),
  );

/** Removes the phase from the progress column; the percentage stays. */
const withoutPhase = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  rows.map((row) =>
    row.map((text, column) => (column === progressColumn ? text.replace(/^(\d+%) .*$/s, "$1") : text)),
  );

/** Fits the rows into the terminal: first truncates the source, then drops the phase, then truncates the source further. */
const fitRows = (
  rows: readonly (readonly string[])[],
  columns: number,
): { readonly rows: readonly (readonly string[])[]; readonly widths: readonly number[] } => {
  const shrinkSource = (widths: number[], minWidth: number): number[] => {
    const width = widths[sourceColumn] ?? 0;
    widths[sourceColumn] = Math.min(width, Math.max(minWidth, width - getOverflow(widths, columns)));
    return widths;
  };
  const widths = shrinkSource(measureColumns(rows), minSourceWidth);
  if (getOverflow(widths, columns) === 0) return { rows, widths };
  const shortRows = withoutPhase(rows);
  return {
    rows: shortRows,
    widths: shrinkSource(measureColumns(shortRows), columnHeads[sourceColumn].length),
  };
};

const renderLine = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((text, column) => {
      const width = widths[column] ?? 0;
      return padEnd(column === sourceColumn ? truncateStart(text, width) : truncateEnd(text, width), width);
    })
    .join(gap)
    .trimEnd();

/** Size and form of a table of jobs. */
export interface JobTableOptions {
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** Height of the terminal. @default every job is shown */
  readonly rows?: number;
  /** Shows complete ids, for a stage, whose commands take no shorter ones. @default false */
  readonly hasCompleteIds?: boolean;
}

/** Renders jobs as a table, one line each, within the width of the terminal. */
export const renderJobTable = (
  jobs: readonly JobRow[],
  { columns, rows, hasCompleteIds = false }: JobTableOptions,
): string => {
  if (jobs.length === 0)
    return "No jobs yet. Copy a file into the input folder, or run: npx reelway upload FILE";
  // Reserved: the header, the line that counts the rest, and the cursor's line.
  const maxJobs = rows === undefined || jobs.length <= rows - 2 ? jobs.length : Math.max(1, rows - 3);
  const cells = jobs.slice(0, maxJobs).map((job) => formatCells(job, hasCompleteIds));
  const { rows: lines, widths } = fitRows([columnHeads, ...cells], columns);
  const rest = jobs.length > maxJobs ? [`${jobs.length - maxJobs} older jobs not shown`] : [];
  return [...lines.map((line) => renderLine(line, widths)), ...rest].join("\n");
};
