import { computeMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";
import { computeRunLimits } from "../../../pipeline/encoding/run-limits.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { describeWorkload } from "../../../pipeline/recipes/media-workload.ts";
import { planRecipe } from "../../../pipeline/recipes/plan-recipe.ts";
import { classifyFfmpegFailure } from "../failures/failure.ts";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { convertImage } from "../programs/image-program.ts";
import type { SourceServer } from "../source/source-server.ts";
import type { AttemptContext } from "./attempt-context.ts";
import { type AttemptMedia, buildImageOptions, buildRunOptions } from "./attempt-media.ts";
import { computePlanWeight } from "./plan-weight.ts";
import { advanceStep, beginStep } from "./progress.ts";
import { runPlan } from "./run-plan.ts";
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
  const bounds = computeRunLimits(probe, limits, ports.ffmpegTimeoutSeconds);
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
        bounds,
        memory,
        onProgress: (seconds) =>
          context.updateProgress((state) => advanceStep(state, seconds, step.seconds ?? 0)),
      });
      signal.throwIfAborted();
      return run;
    },
    probe: probeFile,
    async convertImage({ phase, weight, conversion }) {
      context.updateProgress((state) => beginStep(state, phase, weight / totalWeight));
      const options = buildImageOptions(ports, specification, context, name, server);
      await convertImage(conversion, probe, options);
    },
    classifyFailure: ({ phase }, run) =>
      classifyFfmpegFailure({ name, recipe: recipe.name, scratch: ports.scratch, memory, phase }, run),
    failOutput: (part, failure) => outputGroups.fail(part, failure),
  }).catch((cause: unknown) => {
    outputGroups.throwIfAllFailed();
    throw cause;
  });
};
