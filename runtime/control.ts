import { stat } from "node:fs/promises";
import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import { createProgressReader } from "../lambdas/api/engine-progress.ts";
import type { ApiJobs } from "../lambdas/api/ports.ts";
import type { ListedJob } from "../pipeline/api/job-document.ts";
import type { EngineStatus } from "../pipeline/api/job-list.ts";
import { jobStatuses } from "../pipeline/attempts/job-status.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { computeJobId } from "../pipeline/jobs/job-id.ts";
import { listJobs } from "../pipeline/jobs/list-jobs.ts";
import { cancelJob, retryJob } from "../pipeline/jobs/operator.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import type { ObjectHead } from "../pipeline/ports/object-store.ts";
import { matchRoute } from "../pipeline/routing/match.ts";
import { getPendingReason } from "./pending-reason.ts";
import type { TranscoderService } from "./transcoder-service.ts";

/** A stored upload. */
export interface UploadResponse {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  /** Id of the job that the upload becomes; null for an asset. */
  readonly jobId: string | null;
}
/** Status of a running runtime. */
export interface RuntimeDescription {
  readonly data: string;
  readonly pid: number;
  readonly ffmpeg: string;
  readonly slots: number;
  readonly engines: readonly EngineStatus[];
}

/** Operations of a running runtime. */
export interface Control extends ApiJobs {
  describe(): RuntimeDescription;
  /** True while uploads are refused because the disk is full. */
  isDiskFull(): boolean;
  /**
   * Stores a file as an upload. A second call for the same file returns the first version while it is the current one.
   *
   * @param file path of the content; the store links it, so it must not change afterwards
   */
  upload(
    key: string,
    file: string,
    contentType: string,
    metadata: Readonly<Record<string, string>>,
  ): Promise<UploadResponse>;
}

interface ControlOptions {
  readonly ports: JobPorts;
  readonly objects: Pick<LocalObjectStore, "writeByLink" | "findFile" | "head">;
  readonly transcoderService: Pick<TranscoderService, "readJob" | "forceCancel">;
  readonly resolveOutputPath: (key: string) => string;
  readonly isDiskFull: () => boolean;
  readonly description: Omit<RuntimeDescription, "engines">;
  readonly listEngines: () => readonly EngineStatus[];
}

/** Implements the operations on the runtime's ports. */
export const createControl = (options: ControlOptions): Control => {
  const { ports, objects, transcoderService, resolveOutputPath, description, listEngines } = options;

  const withCurrentProgress = createProgressReader(transcoderService.readJob);

  const toListedJob = async (job: Job): Promise<ListedJob> => {
    const reason = getPendingReason(job, listEngines());
    return {
      job: await withCurrentProgress(job),
      paths: Object.fromEntries(job.outputs.map(({ key }) => [key, resolveOutputPath(key)])),
      ...(reason === undefined ? {} : { pendingReason: reason }),
    };
  };

  /** Finds the current version of a key if an earlier call has stored this very file. */
  const findStoredFile = async (key: string, file: string): Promise<ObjectHead | undefined> => {
    const bucket = ports.inputBucket;
    const { ino, dev, nlink } = await stat(file);
    const path = nlink > 1 ? await objects.findFile(bucket, key) : undefined;
    const stored = path === undefined ? undefined : await stat(path);
    return stored?.ino === ino && stored.dev === dev ? objects.head({ bucket, key }) : undefined;
  };

  const findByPrefix = async (prefix: string, isVisible: (job: Job) => boolean): Promise<readonly Job[]> => {
    const matches: Job[] = [];
    // A whole id is no prefix of another: the jobs need not be read.
    if (/^[a-z2-7]{4,51}$/.test(prefix))
      for (const status of jobStatuses)
        for await (const job of ports.jobs.listAll(status))
          if (job.id.startsWith(prefix) && isVisible(job)) matches.push(job);
    return matches;
  };

  return {
    describe: () => ({ ...description, engines: listEngines() }),
    isDiskFull: options.isDiskFull,
    async list(query) {
      const { jobs, cursor } = await listJobs(ports.jobs, query);
      return { jobs: await Promise.all(jobs.map(toListedJob)), ...(cursor === undefined ? {} : { cursor }) };
    },
    listEngines,
    inputBucket: ports.inputBucket,
    async find(id, ownerId) {
      const isVisible = (job: Job): boolean => ownerId === undefined || job.ownerId === ownerId;
      const exactMatch = await ports.jobs.read(id);
      if (exactMatch !== undefined && isVisible(exactMatch))
        return { kind: "job", ...(await toListedJob(exactMatch)) };
      const matches = await findByPrefix(id, isVisible);
      const [job] = matches;
      if (job === undefined)
        return {
          kind: "missing",
          message: `Job ${id} does not exist. An id can be shortened to its first four or more characters. To list jobs: npx reelway jobs`,
        };
      return matches.length === 1
        ? { kind: "job", ...(await toListedJob(job)) }
        : {
            kind: "ambiguous",
            message: `${matches.length} jobs have an id that begins with ${id}. Use a longer prefix.`,
          };
    },
    async cancel(id) {
      const canceledJob = await cancelJob(ports, id);
      if (canceledJob.engine === "elastic-transcoder" && canceledJob.engineJobId !== undefined)
        await transcoderService.forceCancel(canceledJob.engineJobId);
    },
    async retry(id, force) {
      await retryJob(ports, id, { force });
    },
    async upload(key, file, contentType, metadata) {
      const { bucket, bytes, versionId, etag } =
        (await findStoredFile(key, file)) ??
        (await objects.writeByLink({ bucket: ports.inputBucket, key }, file, { contentType, metadata }));
      const match = matchRoute(ports.configuration, key);
      const source = { bucket, key, etag, ...(versionId === undefined ? {} : { versionId }) };
      const route = match.kind === "route" ? match.route.name : null;
      return {
        bucket,
        key,
        bytes,
        etag,
        jobId: match.kind === "ignored" ? null : computeJobId(source, route),
      };
    },
  };
};
