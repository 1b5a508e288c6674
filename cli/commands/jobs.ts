import { Command, InvalidArgumentError, Option } from "commander";
import { toPrintable } from "../../pipeline/text/format.ts";
import { findRuntime } from "../../runtime/client.ts";
import { describeEngine } from "../../runtime/engine-health.ts";
import { toJobDocument } from "../job-document.ts";
import { openDisplay } from "../render/display.ts";
import { renderJobList } from "../render/job-list.ts";
import { onStopSignal } from "../signals.ts";
import { type RuntimeCommandOptions, withRuntimeOptions } from "./runtime-options.ts";

interface JobsOptions extends RuntimeCommandOptions {
  readonly json?: true;
  readonly watch?: true;
  readonly limit: number;
}

const parseLimit = (text: string): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new InvalidArgumentError("The limit is a number from 1 to 1000.");
  return limit;
};

const listJobs = async (options: JobsOptions): Promise<void> => {
  const runtime = await findRuntime(options);
  const firstPage = await runtime.listJobs(options.limit);
  let list = firstPage.list ?? { jobs: [], engines: [] };
  let { etag } = firstPage;
  const engineLines = () => list.engines.filter(({ status }) => status === "failing").map(describeEngine);
  if (options.json) {
    process.stderr.write(
      engineLines()
        .map((line) => `${toPrintable(line)}\n`)
        .join(""),
    );
    process.stdout.write(
      `${JSON.stringify({ jobs: list.jobs.map(toJobDocument), engines: list.engines }, null, 2)}\n`,
    );
    return;
  }
  const render = (size: { readonly columns: number; readonly rows?: number }) =>
    renderJobList(list.jobs, engineLines(), size);
  if (!options.watch) {
    process.stdout.write(`${render({ columns: process.stdout.columns ?? Number.POSITIVE_INFINITY })}\n`);
    return;
  }
  const display = openDisplay(process.stdout);
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

/** `reelway jobs` */
export const jobsCommand = (): Command =>
  withRuntimeOptions(
    new Command("jobs")
      .description("list the jobs, newest first")
      .option("--limit <n>", "maximum number of jobs", parseLimit, 100)
      .addOption(new Option("--json", "print one JSON document").conflicts("watch"))
      .option("--watch", "update the list until stopped"),
  ).action(listJobs);
