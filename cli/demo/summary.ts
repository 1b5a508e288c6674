import Table from "cli-table3";
import { getElapsedSeconds } from "../../pipeline/api/job-document.ts";
import { formatSeconds, formatSpeed, toPrintable } from "../../pipeline/text/format.ts";
import { describeOutput } from "../render/outputs.ts";
import { truncateEnd, truncateStart } from "../render/width.ts";
import type { DemoResult } from "./result.ts";

const maxOutputs = 6;
const maxSourceWidth = 30;
/** Width in cells of all columns except source and outputs, borders included. */
const otherColumnsWidth = 56;
/** Minimum width in cells of a separate outputs column. */
const minOutputsWidth = 44;

const formatOutputs = (outputs: DemoResult["job"]["outputs"], width: number): string => {
  const lines = outputs
    .slice(0, maxOutputs)
    .flatMap((output) => [
      truncateStart(toPrintable(output.key), width),
      truncateEnd(`  ${describeOutput(output)}`, width),
    ]);
  const rest = outputs.length - maxOutputs;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
};

const formatTime = ({ job, probe }: DemoResult): string => {
  const elapsed = getElapsedSeconds(job);
  return `${formatSeconds(elapsed)}\n${formatSpeed(elapsed, probe?.durationSeconds)}`;
};

const heads = {
  source: "source",
  route: "route\nengine",
  status: "status",
  time: "time\nspeed",
} as const;
const plainStyle = { head: [], border: [] };

const createMainCells = (result: DemoResult, sourceWidth: number) => {
  const { job } = result;
  return {
    source: truncateStart(toPrintable(job.source.key), sourceWidth),
    route: `${job.route ?? "none"}\n${job.engine ?? ""}`,
    status: job.status,
    time: formatTime(result),
  };
};

/** Renders one row per job, with a column for the outputs. */
const renderWideTable = (results: readonly DemoResult[], width: number): string => {
  const table = new Table({
    head: [heads.source, heads.route, heads.status, "outputs", heads.time],
    style: plainStyle,
  });
  for (const result of results) {
    const { source, route, status, time } = createMainCells(result, maxSourceWidth);
    table.push([source, route, status, formatOutputs(result.job.outputs, width), time]);
  }
  return table.toString();
};

/** Renders one row per job, with its outputs in a row below; for narrow terminals. */
const renderNarrowTable = (results: readonly DemoResult[], columns: number): string => {
  const sourceWidth = Math.max(8, Math.min(maxSourceWidth, columns - 1 - otherColumnsWidth + 3));
  const table = new Table({
    head: [heads.source, heads.route, heads.status, heads.time],
    style: plainStyle,
  });
  for (const result of results) {
    const cells = createMainCells(result, sourceWidth);
    table.push([cells.source, cells.route, cells.status, cells.time]);
    const outputs = formatOutputs(result.job.outputs, sourceWidth + 37);
    if (outputs !== "") table.push([{ colSpan: 4, content: outputs }]);
  }
  return table.toString();
};

/** Renders the table of jobs within the terminal's width, followed by the errors of failed jobs. */
export const renderSummary = (results: readonly DemoResult[], columns: number): string => {
  if (results.length === 0) return "No jobs were created.";
  const outputsWidth = columns - 1 - otherColumnsWidth - maxSourceWidth;
  const table =
    outputsWidth >= minOutputsWidth
      ? renderWideTable(results, outputsWidth)
      : renderNarrowTable(results, columns);
  const failures = results.flatMap(({ job }) =>
    job.status === "Complete"
      ? []
      : [
          `${toPrintable(job.source.key)}: ${job.error === null ? job.status : toPrintable(`${job.error.code} ${job.error.name}: ${job.error.message}`)}`,
        ],
  );
  return [table, ...failures].join("\n");
};
