import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { detectDrift } from "../../terraform/pull-request/detect-drift.ts";
import { renderDrift, renderDriftAction } from "../../terraform/pull-request/drift-report.ts";
import { formatJson } from "../../terraform/pull-request/plan-files.ts";
import { readWorkflowRun } from "../../terraform/pull-request/workflow-run.ts";
import { createTerraformOpener, readStageStacks, report, type StageOptions } from "./stage.ts";

/** Options of `reelway drift`. */
export interface DriftOptions extends StageOptions {
  readonly out: string;
  readonly json?: true;
}

/** Exit status if a resource has drifted; 1 is an error. */
const driftExitCode = 3;

/** Detects drift in the stacks of a stage and writes the report. */
export const checkDrift = async (options: DriftOptions): Promise<void> => {
  const { stage, out, json } = options;
  const stacks = await readStageStacks(options);
  await mkdir(out, { recursive: true });
  const [document, markdown] = [join(out, "drift.json"), join(out, "drift.md")];
  // If this run fails, an earlier result must not be mistaken for its own.
  for (const path of [document, markdown]) await rm(path, { force: true });
  const stackDrifts = await detectDrift(stacks, {
    // Drift detection needs read access only.
    open: createTerraformOpener(true),
    isReadOnly: true,
    lock: false,
    onStack: ({ name }) => report(`Comparing ${name}`),
  });
  const run = readWorkflowRun(process.env);
  const markdownReport = renderDrift(
    stage,
    stackDrifts,
    run === undefined
      ? `The full result is in ${document}.`
      : `The full result is in the artifact of [this run](${run.url}).`,
  );
  const result = formatJson({
    stage,
    drift: markdownReport !== undefined,
    stacks: stackDrifts.map(({ name, drift: changes }) => ({
      name,
      applied: changes !== undefined,
      changes: changes ?? [],
    })),
  });
  await writeFile(document, result);
  if (markdownReport !== undefined) await writeFile(markdown, markdownReport);
  process.stdout.write(
    json
      ? result
      : `${stackDrifts
          .flatMap(({ name, drift: changes }) => {
            if (changes === undefined) return [`${name}: not applied yet`];
            if (changes.length === 0) return [`${name}: no drift`];
            return changes.map((change) => `${name}: ${change.address}: ${renderDriftAction(change)}`);
          })
          .join("\n")}\n`,
  );
  if (markdownReport !== undefined) process.exitCode = driftExitCode;
};
