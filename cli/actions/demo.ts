import { toJobResult } from "../../pipeline/api/job-document.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { formatSeconds } from "../../pipeline/text/format.ts";
import { describeProgramRisk, describePrograms, requireMediaPrograms } from "../../runtime/media-programs.ts";
import { readLocalConfiguration } from "../configuration.ts";
import { runDemo } from "../demo/demo.ts";
import { renderSummary } from "../demo/summary.ts";
import { onStopSignal } from "../signals.ts";
import { resolveUploadFiles } from "../upload-files.ts";

/** Options of `reelway demo`. */
export interface DemoCommandOptions {
  readonly prefix: string;
  readonly json?: true;
}

/** Processes files in a separate runtime and prints the results. */
export const runDemoCommand = async (
  names: readonly string[],
  { prefix, json }: DemoCommandOptions,
): Promise<void> => {
  const startMs = performance.now();
  const stop = new AbortController();
  onStopSignal(() => stop.abort(new CommandError("The demo was stopped.")));
  const report = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const files = await resolveUploadFiles(names, prefix);
  const programs = requireMediaPrograms();
  report(`Using ${describePrograms(programs)}.`);
  const advice = describeProgramRisk(programs);
  if (advice !== undefined) report(advice);
  const outcome = await runDemo({
    configuration: await readLocalConfiguration(),
    files,
    prefix,
    report,
    signal: stop.signal,
  });
  const { results, outputFolder, reportPath } = outcome;
  const seconds = (performance.now() - startMs) / 1000;
  if (json) {
    process.stdout.write(`${JSON.stringify({ jobs: results.map(toJobResult) }, null, 2)}\n`);
    report(`Report: ${reportPath}`);
  } else
    process.stdout.write(
      [
        renderSummary(results, process.stdout.columns ?? 140),
        `Outputs:  ${outputFolder}`,
        `Report:   ${reportPath}`,
        `Finished in ${formatSeconds(seconds)}.`,
        "",
      ].join("\n"),
    );
  if (results.length === 0 || results.some(({ job }) => job.status !== "Complete")) process.exitCode = 1;
};
