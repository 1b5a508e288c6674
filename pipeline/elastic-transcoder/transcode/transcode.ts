import type { Plan, PlanContext, PlannedOutput, Step, StepResult } from "../../encoding/plan.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { Pass } from "./graph.ts";
import { type MadeOutput, outputFiles } from "./output-files.ts";
import { playlistPart } from "./output-keys.ts";
import { type OutputPlan, planOutput } from "./output-plan.ts";
import { outputWeight } from "./output-weight.ts";
import { planPlaylist } from "./playlists.ts";
import { groupOutputs, isAlone, processStep } from "./process.ts";
import type { TranscodeRecipe } from "./transcode-recipe.ts";

/** Codes of failures that say something of the source or the worker, whatever is made of it. */
const ofTheWhole: ReadonlySet<number> = new Set([4000, 4001, 4005]);

/** A failure that one output may end with while the others go on; any other ends the attempt. */
const isOwn = (cause: unknown): cause is JobFailure =>
  cause instanceof JobFailure && !cause.retryable && !ofTheWhole.has(cause.code);

const passesOf = (group: readonly OutputPlan[]): readonly Pass[] => {
  const [first] = group;
  if (first === undefined || !isAlone(first)) return ["whole"];
  return [first.output.preset.Video?.Codec === "gif" ? "palette" : "first", "second"];
};

/** Seen where a clip begins behind the end of a source that does not say how long it is. */
const madeNothing = /Output file is empty, nothing was encoded/;

function* runGroup(group: readonly OutputPlan[], context: PlanContext): Generator<Step, void, StepResult> {
  const weight = group.reduce((sum, { output }) => sum + outputWeight(output), 0);
  const passes = passesOf(group);
  for (const pass of passes) {
    const { log } = yield processStep(group, pass, context, weight / passes.length);
    const start = group[0]?.output.clip?.start ?? 0;
    if (start > 0 && group.every(({ seconds }) => seconds === undefined) && madeNothing.test(log))
      throw new JobFailure(
        4014,
        `The clip begins at ${start} s, behind the end of the source. Give an earlier StartTime.`,
      );
  }
}

/** What is left to do, and what has failed: the state of one run through a recipe. */
class Progress {
  readonly failed = new Map<string, JobFailure>();

  *giveUp(part: string, failure: JobFailure): Generator<Step, void, StepResult> {
    this.failed.set(part, failure);
    yield { kind: "give-up", part, failure };
  }

  /** Does something for one part; the part is given up where that fails. */
  *attempt<T>(
    part: string,
    act: () => Generator<Step, T, StepResult>,
  ): Generator<Step, T | undefined, StepResult> {
    try {
      return yield* act();
    } catch (cause) {
      if (!isOwn(cause)) throw cause;
      yield* this.giveUp(part, cause);
      return undefined;
    }
  }
}

/** Outputs that share a process, or, where that fails, each alone, so that each has its own end. */
function* makeGroup(
  group: readonly OutputPlan[],
  context: PlanContext,
  progress: Progress,
): Generator<Step, readonly MadeOutput[], StepResult> {
  const [sole, ...others] = group;
  if (sole === undefined) return [];
  if (others.length > 0)
    try {
      yield* runGroup(group, context);
    } catch (cause) {
      if (!isOwn(cause)) throw cause;
      const made: MadeOutput[] = [];
      for (const plan of group) made.push(...(yield* makeGroup([plan], context, progress)));
      return made;
    }
  const made: MadeOutput[] = [];
  for (const plan of group) {
    const files = yield* progress.attempt(plan.output.key, function* () {
      if (others.length === 0) yield* runGroup(group, context);
      return yield* outputFiles(plan, context);
    });
    if (files !== undefined) made.push(files);
  }
  return made;
}

/** Warns of clips that are shorter than was asked for (API reference, TimeSpan, Duration). */
function* warnOfShortClips(plans: readonly OutputPlan[]): Generator<Step, void, StepResult> {
  const short = plans.filter(
    ({ output, seconds }) =>
      output.clip?.duration !== undefined && seconds !== undefined && seconds < output.clip.duration - 0.001,
  );
  const asked = new Set(short.map(({ output }) => output.clip?.duration));
  for (const duration of asked)
    yield { kind: "warn", text: `The source ends before the ${duration} s that the clip asks for` };
}

/** Two parts of a job that would write one key: the later one fails. */
function* withoutCollisions(
  outputs: readonly PlannedOutput[],
  progress: Progress,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const owners = new Map<string, string>();
  for (const { key, part = "" } of outputs) {
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, part);
    else if (!progress.failed.has(part) && !progress.failed.has(owner))
      yield* progress.giveUp(
        part,
        new JobFailure(
          3002,
          `${part} and ${owner} of the same job both write ${key}. Give one another name.`,
        ),
      );
  }
  return outputs.filter(({ part = "" }) => !progress.failed.has(part));
}

/**
 * The outputs and playlists of a transcoder job: one decode for outputs that can share it, at most eight a process.
 * What fails for one output alone is its own end; the plan itself fails where nothing is left.
 */
export function* transcode(recipe: TranscodeRecipe, context: PlanContext): Plan {
  const progress = new Progress();
  const plans: OutputPlan[] = [];
  for (const [index, output] of recipe.outputs.entries()) {
    const plan = yield* progress.attempt(output.key, () => planOutput(output, index, context));
    if (plan !== undefined) plans.push(plan);
  }
  yield* warnOfShortClips(plans);
  const made: MadeOutput[] = [];
  for (const group of groupOutputs(plans)) made.push(...(yield* makeGroup(group, context, progress)));
  const [failure] = progress.failed.values();
  if (made.length === 0) throw failure ?? new JobFailure(1000, "The job names no output. Give it one.");
  const lists: PlannedOutput[] = [];
  for (const [index, playlist] of (recipe.playlists ?? []).entries()) {
    const list = yield* progress.attempt(playlistPart(playlist), () =>
      planPlaylist(playlist, index, made, context),
    );
    if (list !== undefined) lists.push(list);
  }
  return yield* withoutCollisions([...made.flatMap(({ files }) => files), ...lists], progress);
}
