import type { JobList } from "../../pipeline/api/job-list.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime } from "../../runtime/client.ts";
import { describeEngine } from "../../runtime/engine-health.ts";
import { openDisplay } from "../render/display.ts";
import { renderJobList } from "../render/job-list.ts";
import { onStopSignal } from "../signals.ts";
import { collectJobs, type JobFilterOptions, maxPageSize, toJobFilter } from "./collect-jobs.ts";
import { type JobsLocation, openJobs } from "./open-jobs.ts";

/** Options of `reelway jobs`. */
export interface JobsOptions extends JobsLocation, JobFilterOptions {
  readonly json?: true;
  readonly watch?: true;
  readonly limit: number;
}

type ShownJobs = Pick<JobList, "jobs" | "engines">;

const describeFailingEngines = ({ engines }: ShownJobs): readonly string[] =>
  engines.filter(({ status }) => status === "failing").map(describeEngine);

/** Describes an empty list; undefined if the table does. */
const describeNoJobs = ({ stage }: JobsOptions, hasFilter: boolean): string | undefined => {
  if (hasFilter) return "No job matches the filters.";
  return stage === undefined ? undefined : `Stage ${stage} has no jobs.`;
};

/** Prints the jobs once. */
const printJobs = async (options: JobsOptions): Promise<void> => {
  const filter = toJobFilter(options);
  const list = await collectJobs(await openJobs(options), filter, options.limit);
  const engineLines = describeFailingEngines(list);
  if (options.json) {
    process.stderr.write(engineLines.map((line) => `${toPrintable(line)}\n`).join(""));
    process.stdout.write(`${JSON.stringify({ jobs: list.jobs, engines: list.engines }, null, 2)}\n`);
    return;
  }
  const emptyText =
    list.jobs.length === 0 ? describeNoJobs(options, Object.keys(filter).length > 0) : undefined;
  const columns = process.stdout.columns ?? Number.POSITIVE_INFINITY;
  const hasCompleteIds = options.stage !== undefined;
  process.stdout.write(
    `${emptyText ?? renderJobList(list.jobs, engineLines, { columns, hasCompleteIds })}\n`,
  );
};

/** Shows the jobs of a runtime until the process is stopped. */
const watchJobs = async (options: JobsOptions): Promise<never> => {
  const { limit } = options;
  if (limit > maxPageSize) throw new UsageError(`With --watch, the limit is at most ${maxPageSize}.`);
  const runtime = await findRuntime(options);
  const query = { ...toJobFilter(options), limit };
  const firstPage = await runtime.watchJobs(query);
  let list: ShownJobs = firstPage.list ?? { jobs: [], engines: [] };
  let { etag } = firstPage;
  const display = await openDisplay(process.stdout);
  onStopSignal(() => {
    display.close();
    process.exit(0);
  });
  const show = (): void => {
    const text = renderJobList(list.jobs, describeFailingEngines(list), display.getSize());
    display.update(text, text.split("\n"));
  };
  process.stdout.on("resize", show);
  // The reader has exited.
  process.stdout.on("error", () => process.exit(0));
  for (;;) {
    show();
    const nextPage = await runtime.watchJobs(query, etag);
    etag = nextPage.etag;
    list = nextPage.list ?? list;
  }
};

/** Prints the jobs, newest first; with `watch` until the process is stopped. */
export const listJobs = (options: JobsOptions): Promise<void> =>
  options.watch ? watchJobs(options) : printJobs(options);
