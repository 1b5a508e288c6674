import { mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { JobConfiguration } from "../../pipeline/configuration/configuration.ts";
import { buildClipName, buildClipRecipe, findClipProblem } from "../../pipeline/highlights/clip-source.ts";
import type { Clipper, ClipRequest } from "../../pipeline/highlights/clipper.ts";
import type { ArchivedSegment } from "../../pipeline/highlights/segment.ts";
import { buildJob } from "../../pipeline/jobs/build-job.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { computeJobId } from "../../pipeline/jobs/job-id.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import { isReadyToStart } from "../../pipeline/jobs/start-job.ts";
import {
  findFirstSecond,
  parseTimescales,
  rebaseFragments,
} from "../../pipeline/packaging/rebase-fragments.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { FfmpegRoute } from "../../pipeline/routing/route.ts";

/** Name of the route in the jobs of clips. It need not be configured. */
const clipRouteName = "highlights";

/** Options of `createWorkerClipper`. */
export interface WorkerClipperOptions {
  readonly ports: Pick<JobPorts, "jobs" | "outputBucket" | "clock"> & {
    readonly configuration: Pick<JobConfiguration, "limits" | "presets">;
    readonly objects: Pick<ObjectStore, "head" | "read" | "write">;
  };
  /** Starts a job. @default the reconciler starts it in its next run */
  readonly startJob?: (job: Job) => Promise<void>;
  /** Bucket of the archived segments and of the sources of clips. */
  readonly archiveBucket: string;
  /** Prefix of the sources of clips; ends in `/`. */
  readonly sourcePrefix: string;
  /** Prefix of the clips in the output bucket; ends in `/`. */
  readonly outputPrefix: string;
  /** Folder for a source until it is stored. */
  readonly scratchDirectory: string;
}

const hourMs = 3_600_000;

/** Creates the clipper that makes clips by jobs of the worker, one for each clip. */
export const createWorkerClipper = (options: WorkerClipperOptions): Clipper => {
  const { ports, archiveBucket: bucket, sourcePrefix, outputPrefix, scratchDirectory } = options;
  const startIfReady = async (job: Job): Promise<void> => {
    if (isReadyToStart(job, ports.clock.now())) await options.startJob?.(job);
  };
  const readObject = async (key: string): Promise<Buffer> =>
    buffer(await ports.objects.read({ bucket, key }));

  /** Writes the segments one after the other: fragments from time 0 on, after their initialization section. */
  const joinSegments = async (segments: readonly ArchivedSegment[], path: string): Promise<void> => {
    const file = await open(path, "wx");
    try {
      const section = segments[0]?.initialization;
      const initialization = section === undefined ? undefined : await readObject(section.key);
      const timescales = initialization === undefined ? undefined : parseTimescales(initialization);
      if (initialization !== undefined) await file.appendFile(initialization);
      let firstSecond: number | undefined;
      for (const { key } of segments) {
        const segment = await readObject(key);
        if (timescales !== undefined) {
          firstSecond ??= findFirstSecond(segment, timescales);
          rebaseFragments(segment, timescales, firstSecond);
        }
        await file.appendFile(segment);
      }
    } finally {
      await file.close();
    }
  };

  /** Stores the source of a clip once. */
  const storeSource = async (key: string, segments: readonly ArchivedSegment[]): Promise<ObjectHead> => {
    const existing = await ports.objects.head({ bucket, key });
    if (existing !== undefined) return existing;
    const folder = await mkdtemp(join(scratchDirectory, "clip-"));
    try {
      const path = join(folder, "source");
      await joinSegments(segments, path);
      const contentType = segments[0]?.initialization === undefined ? "video/mp2t" : "video/mp4";
      return await ports.objects.write(
        { bucket, key },
        { file: path },
        { contentType, condition: { absent: true } },
      );
    } catch (cause) {
      const head =
        cause instanceof StoreFailure && cause.kind === "precondition"
          ? await ports.objects.head({ bucket, key })
          : undefined;
      if (head === undefined) throw cause;
      return head;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  const buildRoute = (request: ClipRequest, name: string): FfmpegRoute => ({
    name: clipRouteName,
    prefix: sourcePrefix,
    extensions: [],
    trigger: "lambda",
    engine: "ffmpeg",
    recipe: buildClipRecipe(request),
    outputs: [".mp4", ".jpg", "/"].map((suffix) => `${outputPrefix}${request.channel}/${name}${suffix}`),
  });

  return {
    async createClip(request) {
      const problem = findClipProblem(request);
      if (problem !== undefined) return { kind: "refused", reason: problem };
      const { configuration, jobs, clock, outputBucket } = ports;
      const name = buildClipName(request);
      const extension = request.segments[0]?.initialization === undefined ? "ts" : "mp4";
      const key = `${sourcePrefix}${request.channel}/${name}.${extension}`;
      // Without the version of the source: the clip stays the same if its source is written again.
      const id = computeJobId({ bucket, key }, clipRouteName);
      const existing = await jobs.read(id);
      if (existing !== undefined) {
        await startIfReady(existing);
        return { kind: "duplicate", jobId: id };
      }
      const { etag, versionId, bytes, modifiedAt } = await storeSource(key, request.segments);
      // After what may fail, so that a clip that fails again and again does not use up the limit.
      const now = clock.now();
      const { maxJobsPerHour } = configuration.limits;
      if (!(await jobs.takeHourlySlot(now.toISOString().slice(0, 13), maxJobsPerHour)))
        return {
          kind: "deferred",
          notBefore: new Date((Math.floor(now.getTime() / hourMs) + 1) * hourMs).toISOString(),
          reason: `The limit of ${maxJobsPerHour} jobs per hour (maxJobsPerHour) is reached.`,
        };
      const source = {
        bucket,
        key,
        etag,
        bytes,
        modifiedAt,
        ...(versionId === undefined ? {} : { versionId }),
      };
      const route = buildRoute(request, name);
      const job = { ...buildJob(route, source, { configuration, outputBucket, now: now.toISOString() }), id };
      if (isTerminal(job.status))
        return { kind: "refused", reason: job.error?.message ?? "The clip's source is over a limit." };
      const { claimed, job: stored } = await jobs.claim(
        // With a time, the reconciler does not wait for another function to start the job.
        options.startJob === undefined ? { ...job, notBefore: job.createdAt } : job,
      );
      await startIfReady(stored);
      return { kind: claimed ? "created" : "duplicate", jobId: id };
    },
  };
};
