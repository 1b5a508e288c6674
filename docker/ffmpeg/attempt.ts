import type { JobOutput } from "../../pipeline/attempts/report.ts";
import { memoryLimit } from "../../pipeline/encoding/memory-limit.ts";
import { imageBounds, imageSeconds, probeSeconds, runBounds } from "../../pipeline/encoding/run-bounds.ts";
import type { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { WorkOrder } from "../../pipeline/jobs/work-order.ts";
import { containerDemuxers, imageDemuxers } from "../../pipeline/media/demuxers.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { ObjectHead, ReadReference } from "../../pipeline/ports/object-store.ts";
import { checkSource } from "../../pipeline/recipes/check-source.ts";
import { mediaWork, stillImage } from "../../pipeline/recipes/media-work.ts";
import { planRecipe } from "../../pipeline/recipes/plan-recipe.ts";
import { sourceDemuxers } from "../../pipeline/recipes/source-demuxers.ts";
import { checkOutputs } from "./check-outputs.ts";
import { decodeImage } from "./decode-image.ts";
import { ffmpegFailure } from "./failure.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { probeMedia } from "./ffprobe.ts";
import type { Parts } from "./parts.ts";
import { findPictures, probePictures } from "./pictures.ts";
import { planWeight } from "./plan-weight.ts";
import {
  advanceStep,
  atStage,
  beginStep,
  checkingPercent,
  type ProgressState,
  publishingPercent,
} from "./progress.ts";
import { checkKeys, createPublication, type Publication } from "./publish.ts";
import { readRange } from "./read-range.ts";
import { runPlan } from "./run-plan.ts";
import { checkUnchanged, readReference } from "./source-head.ts";
import { originalUrl, type SourceServer, startSourceServer } from "./source-server.ts";
import { startSourceWatch } from "./source-watch.ts";
import { stripPng } from "./strip-png.ts";
import type { WorkPorts } from "./work-ports.ts";

/** The attempt's own surroundings. */
export interface AttemptContext {
  /** Folder for everything that is made. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** The source when reading began. */
  readonly head: ObjectHead;
  /** Ends the attempt from where no one awaits: the source server. */
  readonly fail: (failure: JobFailure) => void;
  /** Writes progress now. @throws Halt where the attempt is lost */
  readonly beat: (probe?: Probe) => Promise<unknown>;
  readonly update: (change: (state: ProgressState) => ProgressState) => void;
  /** Told of what fails by itself. */
  readonly parts: Parts;
}
export interface AttemptEnd {
  readonly publication: {
    publish(onPercent: (percent: number) => void): Promise<void>;
  } & Pick<Publication, "withdraw" | "removeOrphans">;
  /** What was published, by then. */
  readonly outputs: () => readonly JobOutput[];
  readonly warnings: readonly string[];
}

const makeOutputs = async (
  ports: WorkPorts,
  order: WorkOrder,
  context: AttemptContext,
  server: SourceServer,
): Promise<AttemptEnd> => {
  const { signal, folder, head, parts } = context;
  const { limits } = order;
  const name = order.source.key;
  const { ffmpeg, ffprobe } = ports.programs;
  const { taskMemoryBytes } = ports;
  const probing = { ffprobe, limits, signal, graceSeconds: ports.graceSeconds, taskMemoryBytes };
  const running = {
    signal,
    source: server.activity,
    graceSeconds: ports.graceSeconds,
    progressTimeoutSeconds: ports.progressTimeoutSeconds,
    threads: ports.threads,
    cwd: folder,
  };
  const isImage = order.recipe.name === "image";

  await checkKeys(ports, order, parts);
  const pictures = await findPictures(
    ports.objects,
    { ...order, recipe: parts.remaining(order.recipe) },
    parts,
  );
  context.update((state) => atStage(state, "probing", 1));
  const strip = (reference: ReadReference, bytes: number) =>
    stripPng(ports.objects, reference, bytes, signal, ports);
  const source = readReference(order, head);
  const served = server.serve(source, head.bytes, isImage ? await strip(source, head.bytes) : undefined);
  const asking = ports.capabilities(signal);
  const sourceProbe = probeMedia(served.url, {
    ...probing,
    name,
    source: server.activity,
    workSeconds: isImage ? imageSeconds : probeSeconds,
    demuxers: sourceDemuxers(order.recipe.name),
    fileBytes: isImage ? head.bytes : 0,
  });
  // Both end before either speaks, so that a refusal of the one leaves no process of the other behind.
  await Promise.allSettled([asking, sourceProbe]);
  const [found, capabilities] = [await sourceProbe, await asking];
  const probe: Probe = { ...found, bytes: head.bytes };
  checkSource(name, order.recipe, probe, limits);
  await context.beat(probe);

  const images = await probePictures(
    pictures,
    parts,
    async (picture) => server.serve(picture, picture.bytes, await strip(picture, picture.bytes)).url,
    async (url, picture, fileBytes) => {
      const found = await probeMedia(url, {
        ...probing,
        name: picture,
        source: server.activity,
        workSeconds: imageSeconds,
        demuxers: imageDemuxers,
        fileBytes,
      });
      const memory = memoryLimit(
        {
          ...stillImage(found),
          kind: "still",
          outputs: 1,
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
          name: picture,
          recipe: order.recipe.name,
          scratch: ports.scratch,
          stage: "looking at the watermark",
          memory,
        },
        limits,
        { ...running, capabilities, bounds: imageBounds(ports.wallSeconds), memory },
      );
      return found;
    },
  );
  parts.throwIfAllFailed();
  const recipe = parts.remaining(order.recipe);

  const total = planWeight(recipe);
  const bounds = isImage ? imageBounds(ports.wallSeconds) : runBounds(probe, limits, ports.wallSeconds);
  const memory = memoryLimit(
    mediaWork(
      recipe,
      probe,
      Object.values(images).map((image) => image.probe),
      ports.threads,
    ),
    taskMemoryBytes,
  );
  const probeFile = (path: string): Promise<Probe> =>
    probeMedia(path, {
      ...probing,
      name: path.slice(folder.length + 1),
      workSeconds: probeSeconds,
      demuxers: [...new Set([...containerDemuxers, ...imageDemuxers])],
    });
  const plan = planRecipe(recipe, {
    source: { url: served.url, probe },
    images,
    scratch: folder,
    outputKeys: order.outputKeys,
    capabilities,
    limits,
    threads: ports.threads,
  });
  const made = await runPlan(plan, {
    async ffmpeg(step) {
      context.update((state) => beginStep(state, step.stage, step.weight / total));
      const run = await runFfmpeg(ffmpeg, step, {
        ...running,
        capabilities,
        bounds,
        memory,
        onProgress: (seconds) => context.update((state) => advanceStep(state, seconds, step.seconds ?? 0)),
      });
      signal.throwIfAborted();
      return run;
    },
    probe: probeFile,
    // Orientation is read from what ffmpeg does not see.
    range: (step) => readRange({ ...step, url: originalUrl(step.url) }, signal),
    failure: ({ stage }, run) =>
      ffmpegFailure({ name, recipe: recipe.name, scratch: ports.scratch, memory, stage }, run),
    giveUp: (part, failure) => parts.fail(part, failure),
  }).catch((cause: unknown) => {
    parts.throwIfAllFailed();
    throw cause;
  });
  ports.log.info("The outputs are made", { bytesRead: served.bytesRead(), sourceBytes: head.bytes });

  context.update((state) => atStage(state, "checking", checkingPercent));
  const checked = await checkOutputs(name, made.outputs, probeFile, parts);
  parts.throwIfAllFailed();
  await checkUnchanged(ports, order, head);
  const publication = createPublication(ports, order, checked, signal, parts);
  return {
    outputs: () => parts.outputs(checked),
    warnings: made.warnings,
    publication: {
      publish: (onPercent) =>
        publication.publish((count) => onPercent(publishingPercent(count, checked.length))),
      withdraw: publication.withdraw,
      removeOrphans: publication.removeOrphans,
    },
  };
};

/**
 * Makes and checks the outputs of an order in its folder; nothing is published yet.
 *
 * @throws JobFailure for what the job must be told, Halt where it must be given up
 */
export const attemptWork = async (
  ports: WorkPorts,
  order: WorkOrder,
  context: AttemptContext,
): Promise<AttemptEnd> => {
  const server = await startSourceServer({
    objects: ports.objects,
    stallSeconds: ports.stallSeconds,
    onFailure: context.fail,
  });
  const watch = startSourceWatch({
    objects: ports.objects,
    order,
    head: context.head,
    onReplaced: context.fail,
  });
  try {
    return await makeOutputs(ports, order, context, server);
  } finally {
    watch.stop();
    await server.close();
  }
};
