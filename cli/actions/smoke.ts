import { readConfiguration } from "../../adapters/local/configuration-file.ts";
import { toJobResult } from "../../pipeline/api/job-document.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { formatSeconds, toPrintable } from "../../pipeline/text/format.ts";
import { requireMediaPrograms } from "../../runtime/media-programs.ts";
import { runSmoke } from "../../terraform/smoke/smoke.ts";
import { renderSummary } from "../demo/summary.ts";
import { renderBars } from "../render/bars.ts";
import { openDisplay } from "../render/display.ts";
import { createJobBar } from "../render/job-bar.ts";
import { onStopSignal } from "../signals.ts";

/** Options of `reelway smoke`. */
export interface SmokeCommandOptions {
  readonly stage: string;
  readonly timeout: number;
  readonly route: readonly string[];
  readonly json?: true;
  readonly keep?: true;
}

/** Processes one clip per route in a deployed stage and prints the results. */
export const runSmokeCommand = async (options: SmokeCommandOptions): Promise<void> => {
  const startMs = performance.now();
  const stop = new AbortController();
  onStopSignal(() => stop.abort(new CommandError("The smoke test was stopped.")));
  const display = await openDisplay(process.stderr);
  const { region, results, problems, remaining } = await runSmoke({
    configuration: await readConfiguration(),
    programs: requireMediaPrograms(),
    onUpdate: (clips) => {
      const bars = clips.map(({ route, job }) => createJobBar(route.name, job));
      display.update(
        renderBars(bars, display.getSize()),
        bars.map(({ label, phase: at }) => `${label}: ${at}`),
      );
    },
    stage: options.stage,
    routes: options.route,
    timeoutMinutes: options.timeout,
    keepObjects: options.keep === true,
    report: (line) => process.stderr.write(`${toPrintable(line)}\n`),
    signal: stop.signal,
  }).finally(() => display.close());
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ stage: options.stage, region, jobs: results.map(toJobResult), problems, remaining }, null, 2)}\n`,
    );
  else
    process.stdout.write(
      [
        renderSummary(results, process.stdout.columns ?? 140),
        ...problems.map(toPrintable),
        `Finished in ${formatSeconds((performance.now() - startMs) / 1000)}.`,
        "",
      ].join("\n"),
    );
  const isComplete = results.every(({ job }) => job.status === "Complete");
  if (!isComplete || problems.length > 0 || remaining.length > 0) process.exitCode = 1;
};
