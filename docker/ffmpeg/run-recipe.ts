import { computeMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { computeImageRunLimits, computeRunLimits } from "../../pipeline/encoding/run-limits.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { describeWorkload } from "../../pipeline/recipes/media-workload.ts";
import { planRecipe } from "../../pipeline/recipes/plan-recipe.ts";
import type { AttemptContext } from "./attempt-context.ts";
import { type AttemptMedia, buildRunOptions } from "./attempt-media.ts";
import { classifyFfmpegFailure } from "./failure.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { computePlanWeight } from "./plan-weight.ts";
import { advanceStep, beginStep } from "./progress.ts";
import { readRange } from "./read-range.ts";
import { runPlan } from "./run-plan.ts";
import { getOriginalUrl, type SourceServer } from "./source-server.ts";
import type { WorkPorts } from "./work-ports.ts";

/** Plans the recipe without the outputs that have already failed, and runs its steps. */
export const runRecipe = async (
  ports: WorkPorts,
  specification: AttemptSpecification,
  context: AttemptContext,
  server: SourceServer,
  { source, probe, capabilities, images }: AttemptMedia,
  probeFile: (path: string) => Promise<Probe>,
) => {
  const { signal, folder, outputGroups } = context;
  const { limits } = specification;
  const name = specification.source.key;
  const recipe = outputGroups.excludeFailed(specification.recipe);
  const totalWeight = computePlanWeight(recipe);
  const bounds =
    recipe.name === "image"
      ? computeImageRunLimits(ports.ffmpegTimeoutSeconds)
      : computeRunLimits(probe, limits, ports.ffmpegTimeoutSeconds);
  const memory = computeMemoryLimit(
    describeWorkload(
      recipe,
      probe,
      Object.values(images).map((image) => image.probe),
      ports.threads,
    ),
    ports.taskMemoryBytes,
  );
  const plan = planRecipe(recipe, {
    source: { url: source.url, probe },
    images,
    scratchDirectory: folder,
    outputKeys: specification.outputKeys,
    capabilities,
    limits,
    threads: ports.threads,
  });
  return runPlan(plan, {
    async runFfmpeg(step) {
      context.updateProgress((state) => beginStep(state, step.phase, step.weight / totalWeight));
      const run = await runFfmpeg(ports.programs.ffmpeg, step, {
        ...buildRunOptions(ports, context, server),
        capabilities,
        bounds,
        memory,
        onProgress: (seconds) =>
          context.updateProgress((state) => advanceStep(state, seconds, step.seconds ?? 0)),
      });
      signal.throwIfAborted();
      return run;
    },
    probe: probeFile,
    // The orientation is read from the original bytes, which ffmpeg does not receive.
    readRange: (step) => readRange({ ...step, url: getOriginalUrl(step.url) }, signal),
    classifyFailure: ({ phase }, run) =>
      classifyFfmpegFailure({ name, recipe: recipe.name, scratch: ports.scratch, memory, phase }, run),
    failOutput: (part, failure) => outputGroups.fail(part, failure),
  }).catch((cause: unknown) => {
    outputGroups.throwIfAllFailed();
    throw cause;
  });
};
