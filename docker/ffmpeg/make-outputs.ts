import type { JobOutput } from "../../pipeline/attempts/report.ts";
import { computeMemoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import {
  computeImageRunLimits,
  computeRunLimits,
  imageTimeoutSeconds,
  probeTimeoutSeconds,
} from "../../pipeline/encoding/run-limits.ts";
import type { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import { containerDemuxers, imageDemuxers } from "../../pipeline/media/demuxers.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { ObjectHead, ReadReference } from "../../pipeline/ports/object-store.ts";
import { checkSource } from "../../pipeline/recipes/check-source.ts";
import { describeImage, describeWorkload } from "../../pipeline/recipes/media-workload.ts";
import { planRecipe } from "../../pipeline/recipes/plan-recipe.ts";
import { sourceDemuxers } from "../../pipeline/recipes/source-demuxers.ts";
import { checkOutputs } from "./check-outputs.ts";
import { decodeImage } from "./decode-image.ts";
import { classifyFfmpegFailure } from "./failure.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { probeMedia } from "./ffprobe.ts";
import type { OutputGroups } from "./output-groups.ts";
import { computePlanWeight } from "./plan-weight.ts";
import {
  advanceStep,
  beginStep,
  checkingPercent,
  computePublishingPercent,
  type ProgressState,
  setPhase,
} from "./progress.ts";
import { checkKeys, createPublication, type Publication } from "./publish.ts";
import { readRange } from "./read-range.ts";
import { runPlan } from "./run-plan.ts";
import { buildReadReference, checkUnchanged } from "./source-head.ts";
import { getOriginalUrl, type SourceServer, startSourceServer } from "./source-server.ts";
import { startSourceWatch } from "./source-watch.ts";
import { stripPng } from "./strip-png.ts";
import { findWatermarkImages, probeWatermarkImages } from "./watermark-images.ts";
import type { WorkPorts } from "./work-ports.ts";

/** Context of an attempt. */
export interface AttemptContext {
  /** Scratch folder of the attempt. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** The source when reading started. */
  readonly head: ObjectHead;
  /** Fails the attempt from a callback, such as that of the source server. */
  readonly fail: (failure: JobFailure) => void;
  /** Writes progress now. @throws `AttemptAborted` if the attempt is lost */
  readonly sendHeartbeat: (probe?: Probe) => Promise<unknown>;
  readonly updateProgress: (change: (state: ProgressState) => ProgressState) => void;
  /** Receives the failures of single output groups. */
  readonly outputGroups: OutputGroups;
}
export interface AttemptResult {
  readonly publication: {
    publish(onPercent: (percent: number) => void): Promise<void>;
  } & Pick<Publication, "withdraw" | "removeOrphans">;
  /** The outputs published so far. */
  readonly outputs: () => readonly JobOutput[];
  readonly warnings: readonly string[];
}

const produceOutputs = async (
  ports: WorkPorts,
  specification: AttemptSpecification,
  context: AttemptContext,
  server: SourceServer,
): Promise<AttemptResult> => {
  const { signal, folder, head, outputGroups } = context;
  const { limits } = specification;
  const name = specification.source.key;
  const { ffmpeg, ffprobe } = ports.programs;
  const { taskMemoryBytes } = ports;
  const probeOptions = { ffprobe, limits, signal, graceSeconds: ports.graceSeconds, taskMemoryBytes };
  const runOptions = {
    signal,
    source: server.activity,
    graceSeconds: ports.graceSeconds,
    progressTimeoutSeconds: ports.progressTimeoutSeconds,
    threads: ports.threads,
    cwd: folder,
  };
  const isImage = specification.recipe.name === "image";

  await checkKeys(ports, specification, outputGroups);
  const watermarkImages = await findWatermarkImages(
    ports.objects,
    { ...specification, recipe: outputGroups.excludeFailed(specification.recipe) },
    outputGroups,
  );
  context.updateProgress((state) => setPhase(state, "probing", 1));
  const findServedSpans = (reference: ReadReference, bytes: number) =>
    stripPng(ports.objects, reference, bytes, signal, ports);
  const source = buildReadReference(specification, head);
  const servedSource = server.serve(
    source,
    head.bytes,
    isImage ? await findServedSpans(source, head.bytes) : undefined,
  );
  const capabilitiesPromise = ports.readCapabilities(signal);
  const sourceProbePromise = probeMedia(servedSource.url, {
    ...probeOptions,
    name,
    source: server.activity,
    workSeconds: isImage ? imageTimeoutSeconds : probeTimeoutSeconds,
    demuxers: sourceDemuxers(specification.recipe.name),
    fileBytes: isImage ? head.bytes : 0,
  });
  // Waits for both, so that a failure of one leaves no process of the other running.
  await Promise.allSettled([capabilitiesPromise, sourceProbePromise]);
  const [sourceProbe, capabilities] = [await sourceProbePromise, await capabilitiesPromise];
  const probe: Probe = { ...sourceProbe, bytes: head.bytes };
  checkSource(name, specification.recipe, probe, limits);
  await context.sendHeartbeat(probe);

  const images = await probeWatermarkImages(
    watermarkImages,
    outputGroups,
    async (image) => server.serve(image, image.bytes, await findServedSpans(image, image.bytes)).url,
    async (url, imageKey, fileBytes) => {
      const imageProbe = await probeMedia(url, {
        ...probeOptions,
        name: imageKey,
        source: server.activity,
        workSeconds: imageTimeoutSeconds,
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
        ffmpeg,
        url,
        {
          name: imageKey,
          recipe: specification.recipe.name,
          scratch: ports.scratch,
          phase: "checking the watermark",
          memory,
        },
        limits,
        { ...runOptions, capabilities, bounds: computeImageRunLimits(ports.timeLimitSeconds), memory },
      );
      return imageProbe;
    },
  );
  outputGroups.throwIfAllFailed();
  const recipe = outputGroups.excludeFailed(specification.recipe);

  const totalWeight = computePlanWeight(recipe);
  const bounds = isImage
    ? computeImageRunLimits(ports.timeLimitSeconds)
    : computeRunLimits(probe, limits, ports.timeLimitSeconds);
  const memory = computeMemoryLimit(
    describeWorkload(
      recipe,
      probe,
      Object.values(images).map((image) => image.probe),
      ports.threads,
    ),
    taskMemoryBytes,
  );
  const probeFile = (path: string): Promise<Probe> =>
    probeMedia(path, {
      ...probeOptions,
      name: path.slice(folder.length + 1),
      workSeconds: probeTimeoutSeconds,
      demuxers: [...new Set([...containerDemuxers, ...imageDemuxers])],
    });
  const plan = planRecipe(recipe, {
    source: { url: servedSource.url, probe },
    images,
    scratchDirectory: folder,
    outputKeys: specification.outputKeys,
    capabilities,
    limits,
    threads: ports.threads,
  });
  const planResult = await runPlan(plan, {
    async runFfmpeg(step) {
      context.updateProgress((state) => beginStep(state, step.phase, step.weight / totalWeight));
      const run = await runFfmpeg(ffmpeg, step, {
        ...runOptions,
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
  ports.log.info("Outputs created", { bytesRead: servedSource.getBytesRead(), sourceBytes: head.bytes });

  context.updateProgress((state) => setPhase(state, "checking", checkingPercent));
  const checkedOutputs = await checkOutputs(name, planResult.outputs, probeFile, outputGroups);
  outputGroups.throwIfAllFailed();
  await checkUnchanged(ports, specification, head);
  const publication = createPublication(ports, specification, checkedOutputs, signal, outputGroups);
  return {
    outputs: () => outputGroups.collectOutputs(checkedOutputs),
    warnings: planResult.warnings,
    publication: {
      publish: (onPercent) =>
        publication.publish((publishedCount) =>
          onPercent(computePublishingPercent(publishedCount, checkedOutputs.length)),
        ),
      withdraw: publication.withdraw,
      removeOrphans: publication.removeOrphans,
    },
  };
};

/**
 * Creates and checks the outputs of an attempt in its scratch folder. Nothing is published yet.
 *
 * @throws JobFailure for failures of the job, `AttemptAborted` if the attempt must be aborted
 */
export const makeAttemptOutputs = async (
  ports: WorkPorts,
  specification: AttemptSpecification,
  context: AttemptContext,
): Promise<AttemptResult> => {
  const server = await startSourceServer({
    objects: ports.objects,
    stallSeconds: ports.stallSeconds,
    onFailure: context.fail,
  });
  const sourceWatch = startSourceWatch({
    objects: ports.objects,
    specification,
    head: context.head,
    onReplaced: context.fail,
  });
  try {
    return await produceOutputs(ports, specification, context, server);
  } finally {
    sourceWatch.stop();
    await server.close();
  }
};
