import { JobFailure } from "../../pipeline/job/error.ts";
import type { JobOutput } from "../../pipeline/job/job.ts";
import { checkSource } from "../../pipeline/media/check-source.ts";
import { demuxersFor, pictureDemuxers } from "../../pipeline/media/demuxers.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { ObjectHead, ObjectReference } from "../../pipeline/ports/object-store.ts";
import type { PlanInput } from "../../pipeline/recipes/plan.ts";
import { planRecipe } from "../../pipeline/recipes/plan-recipe.ts";
import type { WorkOrder } from "../../pipeline/work/order.ts";
import { checkOutputs } from "./check-outputs.ts";
import { ffmpegFailure, withStore } from "./failure.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { probeMedia } from "./ffprobe.ts";
import { findPictures } from "./pictures.ts";
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
import { runPlan } from "./run-plan.ts";
import { type SourceServer, startSourceServer } from "./source-server.ts";
import type { WorkPorts } from "./work.ts";

/** The attempt's own surroundings. */
export interface AttemptContext {
  /** Folder for everything that is made. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Ends the attempt from where no one awaits: the source server. */
  readonly fail: (failure: JobFailure) => void;
  /** Writes progress now. @throws Halt where the attempt is lost */
  readonly beat: (probe?: Probe) => Promise<unknown>;
  readonly update: (change: (state: ProgressState) => ProgressState) => void;
}
export interface AttemptEnd {
  readonly publication: {
    publish(onPercent: (percent: number) => void): Promise<void>;
  } & Pick<Publication, "withdraw" | "removeOrphans">;
  readonly outputs: readonly JobOutput[];
  readonly warnings: readonly string[];
}

const referenceOf = ({ source: { bucket, key, versionId } }: WorkOrder): ObjectReference =>
  versionId === undefined ? { bucket, key } : { bucket, key, versionId };

/**
 * The source as it is now: of the pinned version, or (in a bucket without versions) of the same ETag.
 *
 * @throws JobFailure 3001 where it is gone or another, 4002 where it is empty or shorter than its event said
 */
const headSource = async (ports: WorkPorts, order: WorkOrder): Promise<ObjectHead> => {
  const { source } = order;
  const head = await withStore("source", `Looking at source ${source.key}`, () =>
    ports.objects.head(referenceOf(order)),
  );
  if (head === undefined)
    throw new JobFailure(
      3001,
      `There is no object ${source.key}${source.versionId === undefined ? "" : ` of version ${source.versionId}`} in bucket ${source.bucket} any more. Upload it again.`,
    );
  if (source.versionId === undefined && source.etag !== undefined && head.etag !== source.etag)
    throw new JobFailure(
      3001,
      `${source.key} was replaced after this job was made; the newer upload has a job of its own. Nothing is to be done.`,
    );
  if (head.bytes === 0)
    throw new JobFailure(4002, `${source.key} is empty (0 bytes). Upload the whole file again.`);
  if (source.bytes > 0 && head.bytes !== source.bytes)
    throw new JobFailure(
      4002,
      `${source.key} has ${head.bytes} bytes, but its upload was told with ${source.bytes}. Upload it again.`,
    );
  return head;
};

const makeOutputs = async (
  ports: WorkPorts,
  order: WorkOrder,
  context: AttemptContext,
  server: SourceServer,
): Promise<AttemptEnd> => {
  const { signal, folder } = context;
  const { recipe, limits } = order;
  const name = order.source.key;
  const { ffmpeg, ffprobe } = ports.programs;
  const probing = { ffprobe, limits, signal, graceSeconds: ports.graceSeconds };

  const head = await headSource(ports, order);
  await checkKeys(ports, order);
  const pictures = await findPictures(ports.objects, order);
  context.update((state) => atStage(state, "probing", 1));
  const served = server.serve(referenceOf(order), head.bytes);
  const asking = ports.capabilities(signal);
  const sourceProbe = probeMedia(served.url, { ...probing, name, demuxers: demuxersFor(recipe.name) });
  // Both end before either speaks, so that a refusal of the one leaves no process of the other behind.
  await Promise.allSettled([asking, sourceProbe]);
  const [probe, capabilities] = [await sourceProbe, await asking];
  checkSource(name, recipe, probe, limits);
  await context.beat(probe);

  const images: Record<string, PlanInput> = {};
  for (const [role, picture] of Object.entries(pictures)) {
    const { url } = server.serve(picture, picture.bytes);
    const found = await probeMedia(url, { ...probing, name: picture.key, demuxers: pictureDemuxers }).catch(
      (cause: unknown) => {
        if (!(cause instanceof JobFailure) || cause.retryable) throw cause;
        throw new JobFailure(4004, `The ${role} ${picture.key} is no picture: ${cause.message}`, { cause });
      },
    );
    if (found.video === undefined)
      throw new JobFailure(4004, `The ${role} ${picture.key} is no picture. Name a PNG, JPEG or WebP.`);
    images[role] = { url, probe: found };
  }

  const total = planWeight(recipe);
  const probeFile = (path: string): Promise<Probe> =>
    probeMedia(path, {
      ...probing,
      name: path.slice(folder.length + 1),
      demuxers: [...new Set([...demuxersFor("transcode"), ...pictureDemuxers])],
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
      const run = await runFfmpeg(ffmpeg, step.arguments, {
        capabilities,
        signal,
        wallSeconds: ports.wallSeconds,
        graceSeconds: ports.graceSeconds,
        threads: ports.threads,
        cwd: folder,
        onProgress: (seconds) => context.update((state) => advanceStep(state, seconds, step.seconds ?? 0)),
      });
      signal.throwIfAborted();
      return run;
    },
    probe: probeFile,
    failure: (step, run) => ffmpegFailure(name, ports.scratch, step.stage, run),
  });
  ports.log.info("The outputs are made", { bytesRead: served.bytesRead(), sourceBytes: head.bytes });

  context.update((state) => atStage(state, "checking", checkingPercent));
  const checked = await checkOutputs(name, made.outputs, probeFile);
  if (order.source.versionId === undefined) await headSource(ports, order);
  const publication = createPublication(ports, order, checked, signal);
  return {
    outputs: checked.map(({ output }) => output),
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
  try {
    return await makeOutputs(ports, order, context, server);
  } finally {
    await server.close();
  }
};
