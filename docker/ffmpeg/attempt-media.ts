import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import { computeMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import type { PlanInput } from "../../pipeline/encoding/plan.ts";
import {
  computeImageRunLimits,
  imageTimeoutSeconds,
  probeTimeoutSeconds,
} from "../../pipeline/encoding/run-limits.ts";
import { inspectDuration, inspectSource } from "../../pipeline/encoding/source-inspection.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import { imageDemuxers } from "../../pipeline/media/demuxers.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { ReadReference } from "../../pipeline/ports/object-store.ts";
import { checkSource } from "../../pipeline/recipes/check-source.ts";
import { describeImage } from "../../pipeline/recipes/media-workload.ts";
import { encodesVideo } from "../../pipeline/recipes/recipe.ts";
import { sourceDemuxers } from "../../pipeline/recipes/source-demuxers.ts";
import type { AttemptContext } from "./attempt-context.ts";
import { decodeImage } from "./decode-image.ts";
import { probeMedia } from "./ffprobe.ts";
import { runInspection } from "./inspect.ts";
import { buildReadReference } from "./source-head.ts";
import type { SourceServer } from "./source-server.ts";
import { stripPng } from "./strip-png.ts";
import { probeWatermarkImages, type WatermarkImage } from "./watermark-images.ts";
import type { WorkPorts } from "./work-ports.ts";

/** The source and the watermark images of an attempt, served on loopback and probed. */
export interface AttemptMedia {
  readonly source: ReturnType<SourceServer["serve"]>;
  readonly probe: Probe;
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
 * Serves and probes the source, then the watermark images. One image that fails, fails its outputs.
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
  const { signal, head, outputGroups } = context;
  const { limits, recipe } = specification;
  const { taskMemoryBytes } = ports;
  const name = specification.source.key;
  const isImage = recipe.name === "image";
  const probeOptions = { ...buildProbeOptions(ports, specification, context), source: server.activity };
  const findServedSpans = (reference: ReadReference, bytes: number) =>
    stripPng(ports.objects, reference, bytes, signal, ports);

  const reference = buildReadReference(specification, head);
  const source = server.serve(
    reference,
    head.bytes,
    isImage ? await findServedSpans(reference, head.bytes) : undefined,
  );
  const capabilitiesPromise = ports.readCapabilities(signal);
  const demuxers = sourceDemuxers(recipe.name);
  const sourceProbeOptions = {
    ...probeOptions,
    name,
    workTimeoutSeconds: isImage ? imageTimeoutSeconds : probeTimeoutSeconds,
    demuxers,
    fileBytes: isImage ? head.bytes : 0,
  };
  const inspectedInput = { url: source.url, demuxers, limits };
  const probeSource = async (): Promise<Probe> => {
    const sourceProbe = { ...(await probeMedia(source.url, sourceProbeOptions)), bytes: head.bytes };
    return runInspection(
      inspectSource(sourceProbe, encodesVideo(recipe.name), inspectedInput),
      sourceProbeOptions,
    );
  };
  const sourceProbePromise = probeSource();
  // Waits for both, so that a failure of one leaves no process of the other running.
  await Promise.allSettled([capabilitiesPromise, sourceProbePromise]);
  const [probe, capabilities] = [await sourceProbePromise, await capabilitiesPromise];
  checkSource(name, recipe, probe, limits);
  await context.sendHeartbeat(probe);

  const probeWatermarkImage = async (url: string, imageKey: string, fileBytes: number): Promise<Probe> => {
    const imageProbe = await probeMedia(url, {
      ...probeOptions,
      name: imageKey,
      workTimeoutSeconds: imageTimeoutSeconds,
      demuxers: imageDemuxers,
      fileBytes,
    });
    const memory = computeMemoryLimit(
      {
        ...describeImage(imageProbe),
        kind: "image",
        encoderCount: 1,
        lookahead: "short",
        threads: ports.threads,
        fileBytes,
      },
      taskMemoryBytes,
    );
    await decodeImage(
      ports.programs.ffmpeg,
      url,
      {
        name: imageKey,
        recipe: recipe.name,
        scratch: ports.scratch,
        phase: "checking the watermark",
        memory,
      },
      limits,
      {
        ...buildRunOptions(ports, context, server),
        capabilities,
        bounds: computeImageRunLimits(ports.ffmpegTimeoutSeconds),
        memory,
      },
    );
    return imageProbe;
  };
  const images = await probeWatermarkImages(
    watermarkImages,
    outputGroups,
    async (image) => server.serve(image, image.bytes, await findServedSpans(image, image.bytes)).url,
    probeWatermarkImage,
  );
  return {
    source,
    probe,
    capabilities,
    images,
    measureDuration: () => runInspection(inspectDuration(probe, inspectedInput), sourceProbeOptions),
  };
};
