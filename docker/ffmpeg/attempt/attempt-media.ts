import {
  type Capabilities,
  dependsOnBuild,
  unprobedCapabilities,
} from "../../../pipeline/encoding/capabilities.ts";
import type { PlanInput } from "../../../pipeline/encoding/plan.ts";
import { probeTimeoutSeconds } from "../../../pipeline/encoding/run-limits.ts";
import { inspectDuration, inspectSource } from "../../../pipeline/encoding/source-inspection.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import { containerDemuxers } from "../../../pipeline/media/demuxers.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { checkSource } from "../../../pipeline/recipes/check-source.ts";
import { hasVideoEncoder } from "../../../pipeline/recipes/recipe.ts";
import { probeMedia } from "../programs/ffprobe.ts";
import { type ImageProgramOptions, probeImage } from "../programs/image-program.ts";
import { runInspection } from "../programs/inspect.ts";
import { type OpenSource, openSource } from "../source/open-source.ts";
import type { SourceServer } from "../source/source-server.ts";
import type { AttemptContext } from "./attempt-context.ts";
import { convertWatermarkImage } from "./convert-watermark.ts";
import { prepareWatermarkImages, type WatermarkImage } from "./watermark-images.ts";
import type { WorkPorts } from "./work-ports.ts";

/** The source and the watermark images of an attempt, served on loopback and probed. */
export interface AttemptMedia {
  readonly source: OpenSource;
  readonly probe: Probe;
  /** What follows the source with timestamps of its own. */
  readonly continuations: readonly PlanInput[];
  readonly capabilities: Capabilities;
  /** Watermark images by their role in the plan. */
  readonly images: Readonly<Record<string, PlanInput>>;
  /** Probe of the source with durations measured from all of its packets. */
  measureDuration(): Promise<Probe>;
}

/** Options of every ffprobe process of an attempt. */
export const buildProbeOptions = (
  { programs, graceSeconds, taskMemoryBytes }: WorkPorts,
  { limits }: Pick<AttemptSpecification, "limits">,
  { signal }: Pick<AttemptContext, "signal">,
) => ({ ffprobe: programs.ffprobe, limits, signal, graceSeconds, taskMemoryBytes });

/** Options of every ffmpeg process of an attempt. */
export const buildRunOptions = (
  { graceSeconds, progressTimeoutSeconds, threads }: WorkPorts,
  { signal, folder }: Pick<AttemptContext, "signal" | "folder">,
  server: SourceServer,
) => ({ signal, source: server.activity, graceSeconds, progressTimeoutSeconds, threads, cwd: folder });

/**
 * Options of every run of the image program.
 *
 * @param name key of the image, for messages
 * @param server serves its input; absent for a local file
 */
export const buildImageOptions = (
  { imageProgram, graceSeconds, threads, taskMemoryBytes }: WorkPorts,
  { recipe }: Pick<AttemptSpecification, "recipe">,
  { signal }: Pick<AttemptContext, "signal">,
  name: string,
  server?: Pick<SourceServer, "activity">,
): ImageProgramOptions => ({
  imageProgram,
  graceSeconds,
  threads,
  taskMemoryBytes,
  recipe: recipe.name,
  signal,
  name,
  ...(server && { source: server.activity }),
});

/**
 * Serves and probes the source, then prepares the watermark images. One image that fails, fails its outputs.
 *
 * @throws JobFailure for a source that the recipe cannot process
 */
export const openAttemptMedia = async (
  ports: WorkPorts,
  specification: AttemptSpecification,
  context: AttemptContext,
  server: SourceServer,
  watermarkImages: readonly WatermarkImage[],
): Promise<AttemptMedia> => {
  const { signal, head, outputGroups, folder } = context;
  const { limits, recipe } = specification;
  const name = specification.source.key;
  const source = await openSource(ports, server, specification, head, signal);
  const sourceProbeOptions = {
    ...buildProbeOptions(ports, specification, context),
    source: server.activity,
    name,
    workTimeoutSeconds: probeTimeoutSeconds,
    demuxers: containerDemuxers,
  };
  const inspectedInput = { url: source.url, demuxers: containerDemuxers, limits };
  const probeContainer = async (url: string): Promise<Probe> => {
    const sourceProbe = { ...(await probeMedia(url, sourceProbeOptions)), bytes: source.bytes };
    return runInspection(
      inspectSource(sourceProbe, hasVideoEncoder(recipe.name), { ...inspectedInput, url }),
      sourceProbeOptions,
    );
  };
  const probeSource = async (): Promise<Probe> => {
    if (recipe.name === "image")
      return probeImage(
        source.url,
        source.bytes,
        limits.maxImagePixels,
        buildImageOptions(ports, specification, context, name, server),
      );
    return probeContainer(source.url);
  };
  const readCapabilities = () => ports.readCapabilities(recipe.name, signal);
  const presetCapabilitiesPromise = recipe.name === "transcode" ? readCapabilities() : undefined;
  const sourceProbePromise = probeSource();
  // Waits for both, so that a failure of one leaves no process of the other running.
  await Promise.allSettled([presetCapabilitiesPromise, sourceProbePromise]);
  const probe = await sourceProbePromise;
  checkSource(name, recipe, probe, limits);
  await context.recordPhase(probe);
  const continuations: PlanInput[] = [];
  for (const { url } of source.continuations) {
    const continuation = { url, probe: await probeContainer(url) };
    checkSource(name, recipe, continuation.probe, limits);
    continuations.push(continuation);
  }
  const probes = [probe, ...continuations.map((continuation) => continuation.probe)];
  const capabilities =
    (await presetCapabilitiesPromise) ??
    (probes.some(dependsOnBuild) ? await readCapabilities() : unprobedCapabilities);
  const images = await prepareWatermarkImages(watermarkImages, outputGroups, ({ head: image, key }, index) =>
    convertWatermarkImage(
      server.serve(image, image.bytes).url,
      image.bytes,
      `${folder}/watermark-${index}.png`,
      limits.maxImagePixels,
      buildImageOptions(ports, specification, context, key, server),
    ),
  );
  return {
    source,
    probe,
    continuations,
    capabilities,
    images,
    measureDuration: () => runInspection(inspectDuration(probe, inspectedInput), sourceProbeOptions),
  };
};
