import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { driftText, renderDrift } from "../../terraform/pull-request/drift-report.ts";
import { driftOfStage } from "../../terraform/pull-request/drift-stage.ts";
import { jsonText } from "../../terraform/pull-request/plan-files.ts";
import { currentRun } from "../../terraform/pull-request/run.ts";
import { parseFolder } from "../arguments.ts";
import { type StageOptions, say, stacksOfStage, stoppableTerraform, withStage } from "./stage.ts";

interface DriftOptions extends StageOptions {
  readonly out: string;
  readonly json?: true;
}

/** Exit status where something has drifted; 1 is an error. */
const drifted = 3;

const drift = async (options: DriftOptions): Promise<void> => {
  const { stage, out, json } = options;
  const stacks = await stacksOfStage(options);
  await mkdir(out, { recursive: true });
  const [document, markdown] = [join(out, "drift.json"), join(out, "drift.md")];
  // A result of before would be taken for this one's where this one fails.
  for (const path of [document, markdown]) await rm(path, { force: true });
  const found = await driftOfStage(stacks, {
    // Whoever looks for drift only reads.
    open: stoppableTerraform(true),
    onlyReads: true,
    lock: false,
    onStack: ({ name }) => say(`Comparing ${name}`),
  });
  const run = currentRun(process.env);
  const report = renderDrift(
    stage,
    found,
    run === undefined
      ? `The whole of it is in ${document}.`
      : `The whole of it is in the artifact of [this run](${run.url}).`,
  );
  const result = jsonText({
    stage,
    drift: report !== undefined,
    stacks: found.map(({ name, drift: changes }) => ({
      name,
      applied: changes !== undefined,
      changes: changes ?? [],
    })),
  });
  await writeFile(document, result);
  if (report !== undefined) await writeFile(markdown, report);
  process.stdout.write(
    json
      ? result
      : `${found
          .flatMap(({ name, drift: changes }) => {
            if (changes === undefined) return [`${name}: never applied`];
            if (changes.length === 0) return [`${name}: as it was applied`];
            return changes.map((change) => `${name}: ${change.address}: ${driftText(change)}`);
          })
          .join("\n")}\n`,
  );
  if (report !== undefined) process.exitCode = drifted;
};

/** `reelway drift` */
export const driftCommand = (): Command =>
  withStage(
    new Command("drift")
      .description(
        "find what changed behind Terraform's back; exit status 3 where something did, 1 on an error",
      )
      .requiredOption(
        "--out <dir>",
        "folder for drift.json and, where something drifted, drift.md",
        parseFolder,
      )
      .option("--json", "print one JSON document"),
  ).action(drift);
