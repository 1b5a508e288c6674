import { Command } from "commander";
import { CommandFailed } from "../../pipeline/errors/user-error.ts";
import { formatSeconds } from "../../pipeline/text/format.ts";
import { describePrograms, mediaPrograms, programAdvice } from "../../runtime/media-programs.ts";
import { nameFiles, parsePrefix } from "../arguments.ts";
import { loadConfiguration } from "../configuration.ts";
import { runDemo } from "../demo/demo.ts";
import { renderSummary } from "../demo/summary.ts";
import { jobResult } from "../job-document.ts";
import { onStopSignal } from "../signals.ts";

interface DemoCommandOptions {
  readonly prefix: string;
  readonly json?: true;
}

const demo = async (names: readonly string[], { prefix, json }: DemoCommandOptions): Promise<void> => {
  const began = performance.now();
  const stop = new AbortController();
  onStopSignal(() => stop.abort(new CommandFailed("The demo was stopped.")));
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const files = await nameFiles(names, prefix);
  const programs = mediaPrograms();
  say(`Using ${describePrograms(programs)}.`);
  const advice = programAdvice(programs);
  if (advice !== undefined) say(advice);
  const outcome = await runDemo({
    configuration: await loadConfiguration(),
    files,
    prefix,
    say,
    signal: stop.signal,
  });
  const { results, outputs, report } = outcome;
  const seconds = (performance.now() - began) / 1000;
  if (json) {
    process.stdout.write(`${JSON.stringify({ jobs: results.map(jobResult) }, null, 2)}\n`);
    say(`Report: ${report}`);
  } else
    process.stdout.write(
      [
        renderSummary(results, process.stdout.columns ?? 140),
        `Outputs:  ${outputs}`,
        `Report:   ${report}`,
        `All done in ${formatSeconds(seconds)}.`,
        "",
      ].join("\n"),
    );
  if (results.some(({ job }) => job.status !== "Complete")) process.exitCode = 1;
};

/** `reelway demo` */
export const demoCommand = (): Command =>
  new Command("demo")
    .description("take sample clips, or your own files, the whole way and show what came of them")
    .argument("[file...]", "your own files")
    .option("--prefix <prefix>", "folder of the keys, e.g. thumbnails/", parsePrefix, "")
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(demo);
