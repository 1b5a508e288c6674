import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import { UsageError } from "../../pipeline/errors/errors.ts";
import type { OpenTerraform } from "../../terraform/pull-request/plan-stage.ts";
import { readStacks, type SynthesisedStack } from "../../terraform/runner/stacks.ts";
import { synthesise } from "../../terraform/runner/synthesise.ts";
import { openTerraform } from "../../terraform/runner/terraform.ts";
import { onStopSignal } from "../signals.ts";

/** Options of every command that works on the stacks of a stage. */
export interface StageOptions {
  readonly stage: string;
  /** false takes what was synthesised before. */
  readonly synth: boolean;
}

/** Reads the name of a stage (pipeline/configuration/schema.ts). */
export const parseStage = (text: string): string => {
  if (!/^[a-z][a-z0-9]{0,11}$/.test(text))
    throw new InvalidArgumentError("A stage is 1 to 12 of a–z and 0–9, as in reelway.config.ts.");
  return text;
};

/** Reads a commit's whole id. */
export const parseCommit = (text: string): string => {
  if (!/^[0-9a-f]{40}$/.test(text))
    throw new InvalidArgumentError("A commit is its 40 hexadecimal characters: git rev-parse HEAD");
  return text;
};

const parseDuration = (text: string): string => {
  if (!/^\d+(s|m|h)$/.test(text))
    throw new InvalidArgumentError("A time is a number and s, m or h, e.g. 30s or 5m.");
  return text;
};

/** Adds the options that name a stage. */
export const withStageOptions = (command: Command): Command =>
  command
    .requiredOption("--stage <name>", "stage of reelway.config.ts, e.g. dev", parseStage)
    .option("--no-synth", "use the stacks as they were synthesised before");

/** Adds how long to wait for who holds a state's lock. */
export const withLockTimeoutOption = (command: Command): Command =>
  command.option("--lock-timeout <time>", "how long to wait for a lock, e.g. 5m", parseDuration);

/** Tells progress apart from results. */
export const report = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const getSynthDirectory = (): string => {
  const outdir = process.env.CDKTF_OUTDIR;
  return outdir ? resolve(outdir) : fileURLToPath(new URL("../../cdktf.out", import.meta.url));
};

/**
 * The stacks of a stage in the order they are applied, synthesised anew unless told otherwise.
 *
 * @throws UsageError for a stage that has none
 */
export const readStageStacks = async ({
  stage,
  synth,
}: StageOptions): Promise<readonly SynthesisedStack[]> => {
  if (synth) report("Synthesising the stacks");
  const outdir = synth ? await synthesise() : getSynthDirectory();
  const stacks = await readStacks(outdir, stage);
  if (stacks.length > 0) return stacks;
  const stages = [...new Set((await readStacks(outdir)).map((stack) => stack.stage))];
  throw new UsageError(`There is no stage ${stage}. There is: ${stages.join(", ") || "none"}.`);
};

/**
 * Those of the stacks that were named, in the order they are applied.
 *
 * @param names as `storage` @default all
 * @throws UsageError for a name that no stack has
 */
export const selectStacks = (
  stacks: readonly SynthesisedStack[],
  names?: readonly string[],
): readonly SynthesisedStack[] => {
  const unknownName = names?.find((name) => !stacks.some(({ stack }) => stack === name));
  if (unknownName !== undefined)
    throw new UsageError(
      `There is no stack ${unknownName}. There is: ${stacks.map(({ stack }) => stack).join(", ")}.`,
    );
  return stacks.filter(({ stack }) => names === undefined || names.includes(stack));
};

/** Aborted by the first signal that asks this program to end. */
export const createStopSignal = (): AbortSignal => {
  const stop = new AbortController();
  onStopSignal(() => {
    report("Stopping once Terraform has given the lock back");
    stop.abort();
  });
  return stop.signal;
};

/**
 * Opens Terraform so that a signal asks it to stop: it ends what it is at and gives the lock back.
 *
 * @param isReadOnly for whoever only reads: of the transcoder's keys, too, only the one that reads is asked for
 */
export const createTerraformOpener = (isReadOnly = false): OpenTerraform => {
  const signal = createStopSignal();
  const environment: Readonly<Record<string, string>> = isReadOnly ? { TF_VAR_transcoder_scope: "read" } : {};
  return ({ directory }) => openTerraform({ directory, signal, environment });
};
