import Table from "cli-table3";
import { elapsedSeconds } from "../job-document.ts";
import { formatMultiple, formatSeconds, keepEnd, printable } from "../render/format.ts";
import { describeOutput } from "../render/outputs.ts";
import type { DemoResult } from "./result.ts";

const mostOutputs = 6;

const outputLines = (outputs: DemoResult["job"]["outputs"], room: number): string => {
  const lines = outputs
    .slice(0, mostOutputs)
    .flatMap((output) => [keepEnd(printable(output.key), room), `  ${describeOutput(output)}`]);
  const rest = outputs.length - mostOutputs;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
};

const timeOf = ({ job, probe }: DemoResult): string => {
  const elapsed = elapsedSeconds(job);
  return `${formatSeconds(elapsed)}\n${formatMultiple(elapsed, probe?.durationSeconds)}`;
};

/** The demo's table and, below it, why jobs failed. */
export const renderSummary = (results: readonly DemoResult[], columns: number): string => {
  const table = new Table({
    head: ["source", "route\nengine", "status", "outputs", "time\n× real time"],
    style: { head: [], border: [] },
  });
  const room = Math.max(30, columns - 78);
  for (const result of results) {
    const { job } = result;
    table.push([
      keepEnd(printable(job.source.key), 30),
      `${job.route ?? "none"}\n${job.engine ?? ""}`,
      job.status,
      outputLines(job.outputs, room),
      timeOf(result),
    ]);
  }
  const failures = results.flatMap(({ job }) =>
    job.status === "Complete"
      ? []
      : [
          `${printable(job.source.key)}: ${job.error === null ? job.status : printable(`${job.error.code} ${job.error.name}: ${job.error.message}`)}`,
        ],
  );
  return [table.toString(), ...failures].join("\n");
};
