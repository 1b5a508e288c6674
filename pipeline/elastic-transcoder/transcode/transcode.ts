import { isOutputEmpty } from "../../encoding/ffmpeg-log.ts";
import type { Plan, PlanContext, PlannedOutput, Step, StepResult } from "../../encoding/plan.ts";
import { planSeek } from "../../encoding/seek.ts";
import { isPermanentFailure, JobFailure } from "../../errors/job-error.ts";
import type { Pass } from "./filter-graph.ts";
import { collectOutputFiles, type EncodedOutput } from "./output-files.ts";
import { getPlaylistGroup } from "./output-keys.ts";
import { type OutputPlan, planOutput } from "./output-plan.ts";
import { computeOutputWeight } from "./output-weight.ts";
import { planPlaylist } from "./playlists.ts";
import { buildProcessStep, groupOutputs, isTwoPass } from "./process-step.ts";
import type { TranscodeRecipe } from "./transcode-recipe.ts";

/** Codes of failures of the source or the worker, which affect every output. */
const jobLevelErrorCodes: ReadonlySet<number> = new Set([4000, 4001, 4005]);

/** True if only one output fails and the others continue. Any other failure ends the attempt. */
const isOutputFailure = (cause: unknown): cause is JobFailure =>
  isPermanentFailure(cause) && !jobLevelErrorCodes.has(cause.code);

const listPasses = (group: readonly OutputPlan[]): readonly Pass[] => {
  const [first] = group;
  if (first === undefined || !isTwoPass(first)) return ["single"];
  return [first.output.preset.Video?.Codec === "gif" ? "palette" : "first", "second"];
};

function* runGroup(group: readonly OutputPlan[], context: PlanContext): Generator<Step, void, StepResult> {
  const weight = group.reduce((sum, { output }) => sum + computeOutputWeight(output), 0);
  const passes = listPasses(group);
  const startSeconds = group[0]?.output.clip?.startSeconds ?? 0;
  const seek = yield* planSeek(context, startSeconds);
  for (const pass of passes) {
    const { log } = yield buildProcessStep(group, pass, context, seek, weight / passes.length);
    if (startSeconds > 0 && group.every(({ seconds }) => seconds === undefined) && isOutputEmpty(log))
      throw new JobFailure(
        4014,
        `The clip begins at ${startSeconds} s, after the end of the source. Specify an earlier StartTime.`,
      );
  }
}

/** The output groups that failed in one run of a recipe. */
class OutputFailures {
  readonly failures = new Map<string, JobFailure>();

  *failOutput(outputGroup: string, failure: JobFailure): Generator<Step, void, StepResult> {
    this.failures.set(outputGroup, failure);
    yield { kind: "fail-output", outputGroup, failure };
  }

  /** Runs a step for one output group and fails the group if the step fails. */
  *tryOutput<T>(
    outputGroup: string,
    run: () => Generator<Step, T, StepResult>,
  ): Generator<Step, T | undefined, StepResult> {
    try {
      return yield* run();
    } catch (cause) {
      return yield* this.catchFailure(outputGroup, cause);
    }
  }

  /** Plans one output group and fails the group if the plan fails. */
  *tryPlan<T>(outputGroup: string, plan: () => T): Generator<Step, T | undefined, StepResult> {
    try {
      return plan();
    } catch (cause) {
      return yield* this.catchFailure(outputGroup, cause);
    }
  }

  private *catchFailure(outputGroup: string, cause: unknown): Generator<Step, undefined, StepResult> {
    if (!isOutputFailure(cause)) throw cause;
    yield* this.failOutput(outputGroup, cause);
    return undefined;
  }
}

/** Encodes outputs in one process. If that fails, encodes each in its own process, so that each has its own result. */
function* encodeGroup(
  group: readonly OutputPlan[],
  context: PlanContext,
  outputFailures: OutputFailures,
): Generator<Step, readonly EncodedOutput[], StepResult> {
  const [first, ...others] = group;
  if (first === undefined) return [];
  if (others.length > 0)
    try {
      yield* runGroup(group, context);
    } catch (cause) {
      if (!isOutputFailure(cause)) throw cause;
      const encodedOutputs: EncodedOutput[] = [];
      for (const plan of group) encodedOutputs.push(...(yield* encodeGroup([plan], context, outputFailures)));
      return encodedOutputs;
    }
  const encodedOutputs: EncodedOutput[] = [];
  for (const plan of group) {
    const encodedOutput = yield* outputFailures.tryOutput(plan.output.key, function* () {
      if (others.length === 0) yield* runGroup(group, context);
      return yield* collectOutputFiles(plan, context);
    });
    if (encodedOutput !== undefined) encodedOutputs.push(encodedOutput);
  }
  return encodedOutputs;
}

/** Warns about clips that are shorter than requested (API reference, TimeSpan, Duration). */
function* warnOfShortClips(plans: readonly OutputPlan[]): Generator<Step, void, StepResult> {
  const shortClips = plans.filter(
    ({ output, seconds }) =>
      output.clip?.durationSeconds !== undefined &&
      seconds !== undefined &&
      seconds < output.clip.durationSeconds - 0.001,
  );
  const requestedDurations = new Set(shortClips.map(({ output }) => output.clip?.durationSeconds));
  for (const duration of requestedDurations)
    yield { kind: "warn", text: `The source ends before the clip's ${duration} s` };
}

/** If two output groups of a job write the same key, the later one fails. */
function* failCollidingOutputs(
  outputs: readonly PlannedOutput[],
  outputFailures: OutputFailures,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const owners = new Map<string, string>();
  for (const { key, outputGroup = "" } of outputs) {
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, outputGroup);
    else if (!outputFailures.failures.has(outputGroup) && !outputFailures.failures.has(owner))
      yield* outputFailures.failOutput(
        outputGroup,
        new JobFailure(
          3002,
          `${outputGroup} and ${owner} of the same job both write ${key}. Rename one of them.`,
        ),
      );
  }
  return outputs.filter(({ outputGroup = "" }) => !outputFailures.failures.has(outputGroup));
}

/**
 * Plans the outputs and playlists of a transcoder job. Outputs that can share a decode are encoded in one process, at
 * most eight. An output can fail while the others continue; the plan fails if no output is left.
 */
export function* planTranscode(recipe: TranscodeRecipe, context: PlanContext): Plan {
  const outputFailures = new OutputFailures();
  const plans: OutputPlan[] = [];
  for (const [index, output] of recipe.outputs.entries()) {
    const plan = yield* outputFailures.tryPlan(output.key, () => planOutput(output, index, context));
    if (plan !== undefined) plans.push(plan);
  }
  yield* warnOfShortClips(plans);
  const encodedOutputs: EncodedOutput[] = [];
  for (const group of groupOutputs(plans))
    encodedOutputs.push(...(yield* encodeGroup(group, context, outputFailures)));
  const [failure] = outputFailures.failures.values();
  if (encodedOutputs.length === 0)
    throw failure ?? new JobFailure(1000, "The job has no output. Specify at least one.");
  const plannedPlaylists: PlannedOutput[] = [];
  for (const [index, playlist] of (recipe.playlists ?? []).entries()) {
    const plannedPlaylist = yield* outputFailures.tryOutput(getPlaylistGroup(playlist), () =>
      planPlaylist(playlist, index, encodedOutputs, context),
    );
    if (plannedPlaylist !== undefined) plannedPlaylists.push(plannedPlaylist);
  }
  return yield* failCollidingOutputs(
    [...encodedOutputs.flatMap(({ files }) => files), ...plannedPlaylists],
    outputFailures,
  );
}
