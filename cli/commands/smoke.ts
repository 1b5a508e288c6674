import { Command, InvalidArgumentError } from "commander";
import { CommandFailed } from "../../pipeline/errors/user-error.ts";
import { formatSeconds, printable } from "../../pipeline/text/format.ts";
import { mediaPrograms } from "../../runtime/media-programs.ts";
import { runSmoke } from "../../terraform/smoke/smoke.ts";
import { readConfiguration } from "../configuration.ts";
import { renderSummary } from "../demo/summary.ts";
import { jobResult } from "../job-document.ts";
import { renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { jobBar } from "../render/job-bar.ts";
import { onStopSignal } from "../signals.ts";

interface SmokeCommandOptions {
  readonly stage: string;
  readonly timeout: number;
  readonly route: readonly string[];
  readonly json?: true;
  readonly keep?: true;
}

const parseMinutes = (text: string): number => {
  const minutes = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || minutes <= 0 || minutes > 1440)
    throw new InvalidArgumentError("The time is a number of minutes, up to 1440.");
  return minutes;
};

const smoke = async (given: SmokeCommandOptions): Promise<void> => {
  const began = performance.now();
  const stop = new AbortController();
  onStopSignal(() => stop.abort(new CommandFailed("The smoke test was stopped.")));
  const display = openDisplay(process.stderr);
  const { region, results, problems, left } = await runSmoke({
    configuration: await readConfiguration(),
    programs: mediaPrograms(),
    onUpdate: (clips) => {
      const bars = clips.map(({ route, found }) => jobBar(route.name, found));
      display.update(
        renderBars(bars, display.room()),
        bars.map(({ label, stage: at }) => `${label}: ${at}`),
      );
    },
    stage: given.stage,
    routes: given.route,
    timeout: given.timeout,
    keep: given.keep === true,
    say: (line) => process.stderr.write(`${printable(line)}\n`),
    signal: stop.signal,
  }).finally(() => display.close());
  if (given.json)
    process.stdout.write(
      `${JSON.stringify({ stage: given.stage, region, jobs: results.map(jobResult), problems, left }, null, 2)}\n`,
    );
  else
    process.stdout.write(
      [
        renderSummary(results, process.stdout.columns ?? 140),
        ...problems.map(printable),
        `All done in ${formatSeconds((performance.now() - began) / 1000)}.`,
        "",
      ].join("\n"),
    );
  const complete = results.every(({ job }) => job.status === "Complete");
  if (!complete || problems.length > 0 || left.length > 0) process.exitCode = 1;
};

/** `reelway smoke` */
export const smokeCommand = (): Command =>
  new Command("smoke")
    .description(
      "take one clip per route through a deployed stage, probe what came of it, and delete it again",
    )
    .requiredOption("--stage <stage>", "stage of reelway.config.ts")
    .option("--route <name...>", "only these routes", [])
    .option("--timeout <minutes>", "how long the jobs may take in all", parseMinutes, 15)
    .option("--keep", "leave clips and outputs in the buckets")
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(smoke);
