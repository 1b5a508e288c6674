import type { JobList } from "../../pipeline/api/job-list.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime, type RuntimeLocation } from "../../runtime/client.ts";
import { describeEngine } from "../../runtime/engine-health.ts";
import { openDisplay } from "../render/display.ts";
import { renderJobList } from "../render/job-list.ts";
import { onStopSignal } from "../signals.ts";

/** Options of `reelway jobs`. */
export interface JobsOptions extends RuntimeLocation {
  readonly json?: true;
  readonly watch?: true;
  readonly limit: number;
}

/** Prints the jobs, newest first; with `watch` until the process is stopped. */
export const listJobs = async (options: JobsOptions): Promise<void> => {
  const runtime = await findRuntime(options);
  const firstPage = await runtime.listJobs(options.limit);
  let list: Pick<JobList, "jobs" | "engines"> = firstPage.list ?? { jobs: [], engines: [] };
  let { etag } = firstPage;
  const engineLines = () => list.engines.filter(({ status }) => status === "failing").map(describeEngine);
  if (options.json) {
    process.stderr.write(
      engineLines()
        .map((line) => `${toPrintable(line)}\n`)
        .join(""),
    );
    process.stdout.write(`${JSON.stringify({ jobs: list.jobs, engines: list.engines }, null, 2)}\n`);
    return;
  }
  const render = (size: { readonly columns: number; readonly rows?: number }) =>
    renderJobList(list.jobs, engineLines(), size);
  if (!options.watch) {
    process.stdout.write(`${render({ columns: process.stdout.columns ?? Number.POSITIVE_INFINITY })}\n`);
    return;
  }
  const display = await openDisplay(process.stdout);
  onStopSignal(() => {
    display.close();
    process.exit(0);
  });
  const show = (): void => {
    const text = render(display.getSize());
    display.update(text, text.split("\n"));
  };
  process.stdout.on("resize", show);
  // The reader has exited.
  process.stdout.on("error", () => process.exit(0));
  for (;;) {
    show();
    const nextPage = await runtime.listJobs(options.limit, etag);
    etag = nextPage.etag;
    list = nextPage.list ?? list;
  }
};
