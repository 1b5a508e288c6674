import type { Job } from "../../pipeline/job/job.ts";
import { isTerminal } from "../../pipeline/job/status.ts";
import { elapsedSeconds } from "../job-document.ts";
import { formatSeconds, printable } from "./format.ts";
import { keepEnd, keepStart, pad, textWidth } from "./width.ts";

/** Characters of an id that are shown: enough to tell jobs apart, and accepted by every command. */
export const shortId = (id: string): string => id.slice(0, 10);

const head = ["job", "source", "route", "status", "progress", "time"] as const;
const source = 1;
const progress = 4;
const gap = "  ";
/** Cells that the source keeps even where the progress has to be shortened. */
const leastSource = 24;

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

/** Widths of the columns: the progress gives way first, then the source. */
const widthsFor = (rows: readonly (readonly string[])[], columns: number): readonly number[] => {
  const widths = head.map((_, column) => Math.max(...rows.map((row) => textWidth(row[column] ?? ""))));
  const over = () =>
    widths.reduce((sum, width) => sum + width, 0) + gap.length * (head.length - 1) - (columns - 1);
  const shrink = (column: number, least: number): void => {
    const width = widths[column] ?? 0;
    widths[column] = Math.min(width, Math.max(least, width - Math.max(0, over())));
  };
  const least = Math.min(widths[source] ?? 0, leastSource);
  shrink(source, Math.max(least, 40));
  shrink(progress, head[progress].length);
  shrink(source, head[source].length);
  return widths;
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
  const lines = [head, ...jobs.slice(0, most).map(cellsOf)];
  const widths = widthsFor(lines, columns);
  const rest = jobs.length > most ? [`and ${jobs.length - most} older ones`] : [];
  return [...lines.map((line) => renderLine(line, widths)), ...rest].join("\n");
};
