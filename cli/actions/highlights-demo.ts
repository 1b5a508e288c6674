import { findHumanFiles, humanInstallCommand } from "../../adapters/local/human-packages.ts";
import { formatSeconds } from "../../pipeline/text/format.ts";
import { describeProgramRisk, describePrograms, requireMediaPrograms } from "../../runtime/media-programs.ts";
import { readLocalConfiguration } from "../configuration.ts";
import { createStoppable } from "../demo/stoppable.ts";
import { runHighlightsDemo } from "../highlights/demo.ts";
import { renderHighlightsDemo } from "../highlights/demo-report.ts";

/** Options of `reelway highlights demo`. */
export interface HighlightsDemoCommandOptions {
  readonly json?: true;
  /** Keep the runtime and its page until the process is stopped. */
  readonly serve?: true;
}

const isHumanInstalled = (): boolean => {
  try {
    findHumanFiles();
    return true;
  } catch {
    return false;
  }
};

/** Watches a generated channel, and prints what was found and what is true. */
export const demoHighlights = async ({ json, serve }: HighlightsDemoCommandOptions): Promise<void> => {
  const startMs = performance.now();
  const stoppable = createStoppable();
  const report = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const programs = requireMediaPrograms();
  report(`Using ${describePrograms(programs)}.`);
  const advice = describeProgramRisk(programs);
  if (advice !== undefined) report(advice);
  const detector = isHumanInstalled() ? "human" : "recorded";
  if (detector === "recorded")
    report(
      `The label detector "human" is not installed, so the demo uses recorded detections. To detect labels on this machine: ${humanInstallCommand}`,
    );
  await runHighlightsDemo({
    configuration: await readLocalConfiguration(),
    detector,
    report,
    signal: stoppable.signal,
    async present(outcome) {
      const { segments, detections, appearances, isExact, outputFolder, runtime } = outcome;
      const page = `http://127.0.0.1:${runtime.port}/highlights (Ctrl+C stops it)`;
      if (json) {
        process.stdout.write(`${JSON.stringify({ detector, segments, detections, appearances }, null, 2)}\n`);
        if (serve) report(`Page: ${page}`);
      } else
        process.stdout.write(
          [
            renderHighlightsDemo(outcome),
            `Outputs:     ${outputFolder}`,
            ...(serve ? [`Page:        ${page}`] : []),
            `Finished in ${formatSeconds((performance.now() - startMs) / 1000)}.`,
            "",
          ].join("\n"),
        );
      if (!isExact) {
        report("Not every appearance was found within one frame and clipped.");
        process.exitCode = 1;
      }
      if (serve) await stoppable.serve(runtime);
    },
  });
};
