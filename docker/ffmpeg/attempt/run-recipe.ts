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

/** The first of several sources, with the duration of all of them. */
const sumDurations = (probes: readonly [Probe, ...Probe[]]): Probe => {
  const [first] = probes;
  if (probes.some(({ durationSeconds }) => durationSeconds === undefined)) {
    const { durationSeconds: _, ...unlimited } = first;
    return unlimited;
  }
  return {
    ...first,
    durationSeconds: probes.reduce((sum, { durationSeconds = 0 }) => sum + durationSeconds, 0),
  };
};

const countPixels = ({ video }: Probe): number =>
  video === undefined ? 0 : video.codedWidth * video.codedHeight;

/** The source with the largest frames, which needs most memory. */
const findLargest = (probes: readonly [Probe, ...Probe[]]): Probe =>
  probes.reduce((largest, probe) => (countPixels(probe) > countPixels(largest) ? probe : largest), probes[0]);

/** Plans the recipe without the outputs that have already failed, and runs its steps. */
export const runRecipe = async (
  ports: WorkPorts,
  specification: AttemptSpecification,
  context: AttemptContext,
  server: SourceServer,
  { source, probe, continuations, capabilities, images }: AttemptMedia,
  probeFile: (path: string) => Promise<Probe>,
) => {
  const { signal, folder, outputGroups } = context;
  const { limits } = specification;
  const name = specification.source.key;
  const recipe = outputGroups.excludeFailed(specification.recipe);
  const totalWeight = computePlanWeight(recipe);
  const probes: readonly [Probe, ...Probe[]] = [
    probe,
    ...continuations.map((continuation) => continuation.probe),
  ];
  const bounds = computeRunLimits(sumDurations(probes), limits, ports.ffmpegTimeoutSeconds);
  const memory = computeMemoryLimit(
    describeWorkload(
      recipe,
      findLargest(probes),
      Object.values(images).map((image) => image.probe),
      ports.threads,
    ),
    ports.taskMemoryBytes,
  );
  const plan = planRecipe(recipe, {
    source: { url: source.url, probe },
    continuations,
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
