import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { formatSeconds, printable } from "../../pipeline/text/format.ts";
import { elapsedSeconds } from "../job-document.ts";
import { keepEnd, keepStart, pad, textWidth } from "./width.ts";

/** Characters of an id that are shown: enough to tell jobs apart, and accepted by every command. */
export const shortId = (id: string): string => id.slice(0, 10);

const head = ["job", "source", "route", "status", "progress", "time"] as const;
const source = 1;
const progress = 4;
const gap = "  ";
/** Cells that the source keeps before the progress gives up its stage. */
const leastSource = 40;

const progressOf = (job: Job): string =>
  isTerminal(job.status) ? "" : `${Math.floor(job.progress.percent)}% ${job.progress.stage}`;

const cellsOf = (job: Job): readonly string[] =>
  [
    shortId(job.id),
    job.source.key,
    job.route ?? "–",
    job.status,
    progressOf(job),
    formatSeconds(elapsedSeconds(job)),
  ].map(printable);

const widthsOf = (rows: readonly (readonly string[])[]): number[] =>
  head.map((_, column) => Math.max(...rows.map((row) => textWidth(row[column] ?? ""))));
const tooWide = (widths: readonly number[], columns: number): number =>
  Math.max(0, widths.reduce((sum, width) => sum + width, gap.length * (head.length - 1)) - (columns - 1));

/** Rows whose progress is the per cent alone, without the stage. */
const withoutStage = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  rows.map((row) =>
    row.map((text, column) => (column === progress ? text.replace(/^(\d+%) .*$/s, "$1") : text)),
  );

/** What fits: the source gives way first, then the progress its stage, then the source again. */
const fitRows = (
  rows: readonly (readonly string[])[],
  columns: number,
): { readonly rows: readonly (readonly string[])[]; readonly widths: readonly number[] } => {
  const shrunk = (widths: number[], least: number): number[] => {
    const width = widths[source] ?? 0;
    widths[source] = Math.min(width, Math.max(least, width - tooWide(widths, columns)));
    return widths;
  };
  const widths = shrunk(widthsOf(rows), leastSource);
  if (tooWide(widths, columns) === 0) return { rows, widths };
  const short = withoutStage(rows);
  return { rows: short, widths: shrunk(widthsOf(short), head[source].length) };
};

const renderLine = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((text, column) => {
      const width = widths[column] ?? 0;
      return pad(column === source ? keepEnd(text, width) : keepStart(text, width), width);
    })
    .join(gap)
    .trimEnd();

/**
 * A list of jobs, a line each, no wider than the terminal.
 *
 * @param rows of a terminal whose whole height it may take; without them every job is shown
 */
export const renderJobTable = (
  jobs: readonly Job[],
  { columns, rows }: { readonly columns: number; readonly rows?: number },
): string => {
  if (jobs.length === 0)
    return "There are no jobs yet. Copy a file into the input folder, or: npx reelway put FILE";
  // The head, the line that tells of the rest, and the line the cursor stands on.
  const most = rows === undefined || jobs.length <= rows - 2 ? jobs.length : Math.max(1, rows - 3);
  const { rows: lines, widths } = fitRows([head, ...jobs.slice(0, most).map(cellsOf)], columns);
  const rest = jobs.length > most ? [`and ${jobs.length - most} older ones`] : [];
  return [...lines.map((line) => renderLine(line, widths)), ...rest].join("\n");
};
