import { stat } from "node:fs/promises";
import type { JobOutput } from "../../../pipeline/attempts/report.ts";
import { probeTimeoutSeconds } from "../../../pipeline/encoding/run-limits.ts";
import { hasEstimatedDuration } from "../../../pipeline/encoding/source-inspection.ts";
import { isExpectedDuration } from "../../../pipeline/encoding/verify-output.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import { containerDemuxers } from "../../../pipeline/media/demuxers.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { checkSource } from "../../../pipeline/recipes/check-source.ts";
import { getLatestPosition } from "../../../pipeline/recipes/latest-position.ts";
import { getOwnerId } from "../../../pipeline/uploads/user-metadata.ts";
import { checkOutputs, hasUnexpectedDuration } from "../outputs/check-outputs.ts";
import { isEncodedImagePath, probeEncodedImage } from "../outputs/probe-encoded-image.ts";
import { checkKeys, createPublication, type Publication } from "../outputs/publish.ts";
import { probeMedia } from "../programs/ffprobe.ts";
import { probeImage } from "../programs/image-program.ts";
import { endMediaProcesses } from "../programs/media-processes.ts";
import { checkUnchanged } from "../source/source-head.ts";
import { type SourceServer, startSourceServer } from "../source/source-server.ts";
import { startSourceWatch } from "../source/source-watch.ts";
import type { AttemptContext } from "./attempt-context.ts";
import {
  type AttemptMedia,
  buildImageOptions,
  buildProbeOptions,
  openAttemptMedia,
} from "./attempt-media.ts";
import { checkingPercent, computePublishingPercent, setPhase } from "./progress.ts";
import type { PlanResult } from "./run-plan.ts";
import { runRecipe } from "./run-recipe.ts";
import { findWatermarkImages } from "./watermark-images.ts";
import type { WorkPorts } from "./work-ports.ts";

export interface AttemptResult {
  readonly publication: {
    publish(onPercent: (percent: number) => void): Promise<void>;
  } & Pick<Publication, "withdraw" | "removeOrphans">;
  /** The outputs published so far. */
  readonly outputs: () => readonly JobOutput[];
  readonly warnings: readonly string[];
}

/**
 * Runs a recipe. If the source's header is an unreliable one and a position is after its end, measures the source first. If
 * an output does not have the expected duration, measures the source and, if it is longer or shorter than declared, runs the
 * recipe again: positions and sprites depend on it.
 *
 * @param latestSeconds latest position that the recipe specifies
 */
const runRecipeWithTrueDuration = async (
  media: AttemptMedia,
  latestSeconds: number,
  run: (media: AttemptMedia) => Promise<PlanResult>,
  probeFile: (path: string) => Promise<Probe>,
  onMeasured: (probe: Probe) => Promise<void>,
): Promise<PlanResult> => {
  const { durationSeconds } = media.probe;
  if (!hasEstimatedDuration(media.probe) || durationSeconds === undefined) return run(media);
  const measureMedia = async (): Promise<AttemptMedia | undefined> => {
    const probe = await media.measureDuration();
    if (isExpectedDuration(durationSeconds, probe.durationSeconds ?? durationSeconds)) return undefined;
    await onMeasured(probe);
    return { ...media, probe: { ...probe, hasRestartingClock: true } };
  };
  if (latestSeconds > durationSeconds && !isExpectedDuration(durationSeconds, latestSeconds))
    return run((await measureMedia()) ?? media);
  const planResult = await run(media);
  if (!(await hasUnexpectedDuration(planResult.outputs, probeFile))) return planResult;
  const measuredMedia = await measureMedia();
  return measuredMedia === undefined ? planResult : run(measuredMedia);
};

const produceOutputs = async (
  ports: WorkPorts,
  specification: AttemptSpecification,
  context: AttemptContext,
  server: SourceServer,
): Promise<AttemptResult> => {
  const { signal, folder, head, outputGroups } = context;
  const name = specification.source.key;

  await checkKeys(ports, specification, outputGroups);
  const watermarkImages = await findWatermarkImages(
    ports.objects,
    { ...specification, recipe: outputGroups.excludeFailed(specification.recipe) },
    getOwnerId(head.metadata),
    outputGroups,
  );
  context.updateProgress((state) => setPhase(state, "probing", 1));
  const media = await openAttemptMedia(ports, specification, context, server, watermarkImages);
  outputGroups.throwIfAllFailed();

  const probeFile = async (path: string): Promise<Probe> => {
    const fileName = path.slice(folder.length + 1);
    if (specification.recipe.name === "image")
      return probeImage(
        path,
        (await stat(path)).size,
        specification.limits.maxImagePixels,
        buildImageOptions(ports, specification, context, fileName),
      );
    if (isEncodedImagePath(path)) return probeEncodedImage(path);
    return probeMedia(path, {
      ...buildProbeOptions(ports, specification, context),
      name: fileName,
      workTimeoutSeconds: probeTimeoutSeconds,
      demuxers: containerDemuxers,
    });
  };
  const planResult = await runRecipeWithTrueDuration(
    media,
    getLatestPosition(specification.recipe),
    (currentMedia) => runRecipe(ports, specification, context, server, currentMedia, probeFile),
    probeFile,
    async (probe) => {
      checkSource(name, specification.recipe, probe, specification.limits);
      await context.recordPhase(probe);
    },
  );
  ports.log.info("Outputs created", {
    bytesRead: media.source.getBytesRead(),
    sourceBytes: media.source.bytes,
  });

  await endMediaProcesses();
  context.updateProgress((state) => setPhase(state, "checking", checkingPercent));
  const checkedOutputs = await checkOutputs(name, planResult.outputs, probeFile, outputGroups);
  await endMediaProcesses();
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
    readTimeoutSeconds: ports.readTimeoutSeconds,
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
