import Table from "cli-table3";
import { formatMultiple, formatSeconds, printable } from "../../pipeline/text/format.ts";
import { elapsedSeconds } from "../job-document.ts";
import { describeOutput } from "../render/outputs.ts";
import { keepEnd, keepStart } from "../render/width.ts";
import type { DemoResult } from "./result.ts";

const mostOutputs = 6;
const widestSource = 30;
/** Cells of everything but source and outputs: borders, route and engine, status, time. */
const besides = 56;
/** Cells the outputs need to stand in a column of their own. */
const outputsColumn = 44;

const outputLines = (outputs: DemoResult["job"]["outputs"], room: number): string => {
  const lines = outputs
    .slice(0, mostOutputs)
    .flatMap((output) => [
      keepEnd(printable(output.key), room),
      keepStart(`  ${describeOutput(output)}`, room),
    ]);
  const rest = outputs.length - mostOutputs;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
};

const timeOf = ({ job, probe }: DemoResult): string => {
  const elapsed = elapsedSeconds(job);
  return `${formatSeconds(elapsed)}\n${formatMultiple(elapsed, probe?.durationSeconds)}`;
};

const heads = {
  source: "source",
  route: "route\nengine",
  status: "status",
  time: "time\n× real time",
} as const;
const plain = { head: [], border: [] };

const mainCells = (result: DemoResult, source: number) => {
  const { job } = result;
  return {
    source: keepEnd(printable(job.source.key), source),
    route: `${job.route ?? "none"}\n${job.engine ?? ""}`,
    status: job.status,
    time: timeOf(result),
  };
};

/** A row a job, its outputs in a column of their own. */
const wideTable = (results: readonly DemoResult[], room: number): string => {
  const table = new Table({
    head: [heads.source, heads.route, heads.status, "outputs", heads.time],
    style: plain,
  });
  for (const result of results) {
    const { source, route, status, time } = mainCells(result, widestSource);
    table.push([source, route, status, outputLines(result.job.outputs, room), time]);
  }
  return table.toString();
};

/** For narrow terminals: a job's outputs stand below it, over the whole width. */
const narrowTable = (results: readonly DemoResult[], columns: number): string => {
  const source = Math.max(8, Math.min(widestSource, columns - 1 - besides + 3));
  const table = new Table({
    head: [heads.source, heads.route, heads.status, heads.time],
    style: plain,
  });
  for (const result of results) {
    const cells = mainCells(result, source);
    table.push([cells.source, cells.route, cells.status, cells.time]);
    const outputs = outputLines(result.job.outputs, source + 37);
    if (outputs !== "") table.push([{ colSpan: 4, content: outputs }]);
  }
  return table.toString();
};

/** The demo's table, no wider than the terminal, and below it why jobs failed. */
export const renderSummary = (results: readonly DemoResult[], columns: number): string => {
  if (results.length === 0) return "Nothing of it became a job.";
  const room = columns - 1 - besides - widestSource;
  const table = room >= outputsColumn ? wideTable(results, room) : narrowTable(results, columns);
  const failures = results.flatMap(({ job }) =>
    job.status === "Complete"
      ? []
      : [
          `${printable(job.source.key)}: ${job.error === null ? job.status : printable(`${job.error.code} ${job.error.name}: ${job.error.message}`)}`,
        ],
  );
  return [table, ...failures].join("\n");
};
