import { toJobResult } from "../../pipeline/api/job-document.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { formatSeconds, quoteShellArgument } from "../../pipeline/text/format.ts";
import { describeProgramRisk, describePrograms, requireMediaPrograms } from "../../runtime/media-programs.ts";
import { readLocalConfiguration } from "../configuration.ts";
import { runDemo } from "../demo/demo.ts";
import { createStoppable } from "../demo/stoppable.ts";
import { renderSummary } from "../demo/summary.ts";
import { resolveUploadFiles } from "../upload-files.ts";

/** Options of `reelway demo`. */
export interface DemoCommandOptions {
  readonly prefix: string;
  /** Name of an image for routes that add a watermark. */
  readonly watermark?: string;
  readonly json?: true;
  /** Keep the runtime and its page until the process is stopped. */
  readonly serve?: true;
}

/** Processes files in a separate runtime and prints the results. */
export const runDemoCommand = async (
  names: readonly string[],
  { prefix, watermark, json, serve }: DemoCommandOptions,
): Promise<void> => {
  const startMs = performance.now();
  const stoppable = createStoppable();
  const report = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const files = await resolveUploadFiles(names, prefix);
  const [watermarkFile] = watermark === undefined ? [] : await resolveUploadFiles([watermark], "watermarks/");
  if (watermark !== undefined && names.length === 0)
    throw new UsageError(
      "--watermark needs files to process. The sample clips have a watermark of their own.",
    );
  const programs = requireMediaPrograms();
  report(`Using ${describePrograms(programs)}.`);
  const advice = describeProgramRisk(programs);
  if (advice !== undefined) report(advice);
  await runDemo({
    configuration: await readLocalConfiguration(),
    files,
    prefix,
    ...(watermarkFile === undefined ? {} : { watermark: watermarkFile.path }),
    report,
    signal: stoppable.signal,
    async present({ results, outputFolder, reportPath, dataFolder, runtime }) {
      const seconds = (performance.now() - startMs) / 1000;
      const page = serve
        ? `http://127.0.0.1:${runtime.port}/ (Ctrl+C stops it)`
        : `npx reelway start --data ${quoteShellArgument(dataFolder)}`;
      if (json) {
        process.stdout.write(`${JSON.stringify({ jobs: results.map(toJobResult) }, null, 2)}\n`);
        report(`Report: ${reportPath}`);
        if (serve) report(`Page: ${page}`);
      } else
        process.stdout.write(
          [
            renderSummary(results, process.stdout.columns ?? 140),
            `Outputs:  ${outputFolder}`,
            `Report:   ${reportPath}`,
            `Page:     ${page}`,
            `Finished in ${formatSeconds(seconds)}.`,
            "",
          ].join("\n"),
        );
      if (results.length === 0 || results.some(({ job }) => job.status !== "Complete")) process.exitCode = 1;
      if (serve) await stoppable.serve(runtime);
    },
  });
};
