import Table from "cli-table3";
import type { Job } from "../../pipeline/job/job.ts";
import { isTerminal } from "../../pipeline/job/status.ts";
import { elapsedSeconds } from "../job-document.ts";
import { formatSeconds, keepEnd, printable } from "./format.ts";

/** Characters of an id that are shown: enough to tell jobs apart, and accepted by every command. */
export const shortId = (id: string): string => id.slice(0, 10);

const progressOf = (job: Job): string =>
  isTerminal(job.status) ? "" : `${Math.floor(job.progress.percent)}% ${job.progress.stage}`;

/** A list of jobs as a table. */
export const renderJobTable = (jobs: readonly Job[], columns = 100): string => {
  if (jobs.length === 0)
    return "There are no jobs yet. Copy a file into the input folder, or: npx reelway put FILE";
  const table = new Table({
    head: ["job", "source", "route", "status", "progress", "time"],
    style: { head: [], border: [], compact: true },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  const room = Math.max(20, columns - 70);
  for (const job of jobs)
    table.push([
      shortId(job.id),
      keepEnd(printable(job.source.key), room),
      job.route ?? "–",
      job.status,
      progressOf(job),
      formatSeconds(elapsedSeconds(job)),
    ]);
  return table.toString();
};
