import { createHash } from "node:crypto";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { JobConfiguration } from "../../pipeline/configuration/configuration.ts";
import { buildClipKey, buildClipName } from "../../pipeline/highlights/clip-name.ts";
import {
  buildClipRecipe,
  divideClip,
  findClipExcess,
  findClipProblem,
} from "../../pipeline/highlights/clip-source.ts";
import type { Clipper, ClipRequest } from "../../pipeline/highlights/clipper.ts";
import {
  buildSegmentList,
  getSegmentListBytes,
  type SegmentList,
} from "../../pipeline/highlights/segment-list.ts";
import { buildJob } from "../../pipeline/jobs/build-job.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import { isReadyToStart } from "../../pipeline/jobs/start-job.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { ClipOptions } from "../../pipeline/recipes/recipe.ts";
import type { FfmpegRoute } from "../../pipeline/routing/route.ts";

/** Name of the route in the jobs of clips. It need not be configured. */
const clipRouteName = "highlights";

/** Options of `createWorkerClipper`. */
export interface WorkerClipperOptions {
  readonly ports: Pick<JobPorts, "jobs" | "outputBucket" | "clock"> & {
    readonly configuration: Pick<JobConfiguration, "limits" | "presets">;
    readonly objects: Pick<ObjectStore, "head" | "write">;
  };
  /** Starts a job. @default the reconciler starts it in its next run */
  readonly startJob?: (job: Job) => Promise<unknown>;
  /** Bucket of the archived segments, and of the lists of those of each clip. */
  readonly archiveBucket: string;
  /** Prefix of the lists; ends in `/`. */
  readonly sourcePrefix: string;
  /** Prefix of the clips in the output bucket; ends in `/`. */
  readonly outputPrefix: string;
}

/**
 * Creates the clipper that makes clips by jobs of the worker, one for each clip. The source of a job is a list of archived
 * segments, which the worker reads as one: nothing is copied, however long the clip is.
 */
export const createWorkerClipper = (options: WorkerClipperOptions): Clipper => {
  const { ports, archiveBucket: bucket, sourcePrefix, outputPrefix } = options;
  const startIfReady = async (job: Job): Promise<void> => {
    if (isReadyToStart(job, ports.clock.now())) await options.startJob?.(job);
  };

  /** Stores a list once. Its key has a hash of it: what the key has already is equal. */
  const storeList = async (folder: string, name: string, list: SegmentList): Promise<ObjectHead> => {
    const text = JSON.stringify(list);
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const key = `${folder}${hash}/${name}.json`;
    const existing = await ports.objects.head({ bucket, key });
    if (existing !== undefined) return existing;
    try {
      return await ports.objects.write(
        { bucket, key },
        { text },
        { contentType: "application/json", condition: { absent: true } },
      );
    } catch (cause) {
      const head =
        cause instanceof StoreFailure && cause.kind === "precondition"
          ? await ports.objects.head({ bucket, key })
          : undefined;
      if (head === undefined) throw cause;
      return head;
    }
  };

  const buildRoute = (request: ClipRequest, recipe: ClipOptions, name: string): FfmpegRoute => ({
    name: clipRouteName,
    prefix: sourcePrefix,
    extensions: [],
    trigger: "lambda",
    engine: "ffmpeg",
    recipe,
    outputs: [".mp4", ".jpg", "/"].map((suffix) => `${outputPrefix}${request.channel}/${name}${suffix}`),
  });

  return {
    async createClip(request, signal) {
      const problem = findClipProblem(request);
      if (problem !== undefined) return { kind: "refused", reason: problem };
      const { configuration, jobs, clock, outputBucket } = ports;
      const { limits } = configuration;
      const folder = `${sourcePrefix}${request.channel}/`;
      // Without a version, and by the clip's own key: the job stays the same if names or formats of its source change.
      const extension = request.segments[0]?.initialization === undefined ? "ts" : "mp4";
      const id = computeJobId(
        { bucket, key: `${folder}${buildClipKey(request)}.${extension}` },
        clipRouteName,
      );
      signal?.throwIfAborted();
      const existing = await jobs.read(id);
      if (existing !== undefined) {
        await startIfReady(existing);
        return { kind: "duplicate", jobId: id };
      }
      const timelines = divideClip(request);
      const list = buildSegmentList(timelines.map(({ segments }) => segments));
      const bytes = getSegmentListBytes(list);
      const excess = findClipExcess(request, bytes, limits);
      if (excess !== undefined) return { kind: "refused", reason: excess };
      const name = buildClipName(request);
      signal?.throwIfAborted();
      const head = await storeList(folder, name, list);
      signal?.throwIfAborted();
      const now = clock.now();
      const source = {
        bucket,
        key: head.key,
        etag: head.etag,
        bytes,
        segmentList: { bytes: head.bytes },
        modifiedAt: head.modifiedAt,
        ...(head.versionId === undefined ? {} : { versionId: head.versionId }),
      };
      const route = buildRoute(request, buildClipRecipe(request, timelines), name);
      const job = { ...buildJob(route, source, { configuration, outputBucket, now: now.toISOString() }), id };
      if (isTerminal(job.status))
        return { kind: "refused", reason: job.error?.message ?? "The clip is over a limit." };
      const { claimed, job: stored } = await jobs.claim(
        // With a time, the reconciler does not wait for another function to start the job.
        options.startJob === undefined ? { ...job, notBefore: job.createdAt } : job,
      );
      await startIfReady(stored);
      return { kind: claimed ? "created" : "duplicate", jobId: id };
    },
  };
};
