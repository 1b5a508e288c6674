import { resolve } from "node:path";
import { UsageError } from "../../pipeline/errors/errors.ts";
import type { CheckResult } from "../../pipeline/text/check-result.ts";
import type { OpenTerraform } from "../../terraform/pull-request/plan-stage.ts";
import { readStacks, type SynthesizedStack } from "../../terraform/runner/stacks.ts";
import { synthesize } from "../../terraform/runner/synthesize.ts";
import { openTerraform } from "../../terraform/runner/terraform.ts";
import { renderChecks } from "../render/checks.ts";
import { onStopSignal } from "../signals.ts";
import { readDeployment } from "./deployment.ts";

/** Options of the commands that use the stacks of a stage. */
export interface StageOptions {
  readonly stage: string;
  /** False uses the existing synth output. */
  readonly synth: boolean;
}

/** Prints a line of progress on standard error; results go to standard output. */
export const report = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Prints the warnings and failures among the results of checks on standard error. */
export const reportFindings = (results: readonly CheckResult[]): void => {
  const findings = results.filter(({ status }) => status !== "ok");
  if (findings.length === 0) return;
  const isColored = process.stderr.isTTY === true && !process.env.NO_COLOR;
  report(renderChecks(findings, isColored).trimEnd());
};

const getSynthDirectory = (): string => resolve(process.env.CDKTF_OUTDIR || "cdktf.out");

/**
 * Reads the stacks of a stage in the order of their application; synthesizes them first unless `synth` is false.
 *
 * @throws UsageError for a stage without stacks, before the synthesis if the configuration does not have it
 */
export const readStageStacks = async ({
  stage,
  synth,
}: StageOptions): Promise<readonly SynthesizedStack[]> => {
  if (synth) {
    await readDeployment(stage);
    report("Synthesizing the stacks");
  }
  const outdir = synth ? await synthesize() : getSynthDirectory();
  const stacks = await readStacks(outdir, stage);
  if (stacks.length > 0) return stacks;
  const stages = [...new Set((await readStacks(outdir)).map((stack) => stack.stage))];
  throw new UsageError(`Stage ${stage} does not exist. Available stages: ${stages.join(", ") || "none"}.`);
};

/**
 * Selects stacks by name, in the order of their application.
 *
 * @param names e.g. `storage` @default all
 * @throws UsageError for an unknown name
 */
export const selectStacks = (
  stacks: readonly SynthesizedStack[],
  names?: readonly string[],
): readonly SynthesizedStack[] => {
  const unknownName = names?.find((name) => !stacks.some(({ stack }) => stack === name));
  if (unknownName !== undefined)
    throw new UsageError(
      `Stack ${unknownName} does not exist. Available stacks: ${stacks.map(({ stack }) => stack).join(", ")}.`,
    );
  return stacks.filter(({ stack }) => names === undefined || names.includes(stack));
};

/** Creates a signal that is aborted by the first stop signal of the process. */
export const createStopSignal = (): AbortSignal => {
  const stop = new AbortController();
  onStopSignal(() => {
    report("Stopping; waiting for Terraform to release the state lock");
    stop.abort();
  });
  return stop.signal;
};

/**
 * Creates a function that opens Terraform. On a stop signal Terraform completes the current operation and releases the lock.
 *
 * @param isReadOnly for read-only credentials: requests only the `read` scope of the transcoder's keys
 */
export const createTerraformOpener = (isReadOnly = false): OpenTerraform => {
  const signal = createStopSignal();
  const environment: Readonly<Record<string, string>> = isReadOnly ? { TF_VAR_transcoder_scope: "read" } : {};
  return ({ directory }) => openTerraform({ directory, signal, environment });
};
