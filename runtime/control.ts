import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import { isTerminal, jobStatuses } from "../pipeline/attempts/job-status.ts";
import { type EngineProgress, withEngineProgress } from "../pipeline/jobs/engine-progress.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { jobId } from "../pipeline/jobs/job-id.ts";
import { cancelJob, retryJob } from "../pipeline/jobs/operator.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { matchRoute } from "../pipeline/routing/match.ts";
import type { EngineStatus } from "./engine-health.ts";
import { maxListedJobs } from "./job-list.ts";
import { pendingReason } from "./pending-reason.ts";
import { createRecentMap } from "./recent-map.ts";
import type { TranscoderService } from "./transcoder-service.ts";

/** What an id, or the beginning of one, stands for. */
export type FoundJob =
  | (ListedJob & { readonly kind: "job" })
  | { readonly kind: "none"; readonly message: string }
  | { readonly kind: "several"; readonly message: string };

/** A job with the paths of its outputs in the output folder, by key. */
export interface ListedJob {
  readonly job: Job;
  readonly paths: Readonly<Record<string, string>>;
  /** Why a Submitted job does not start, where its engine is failing. */
  readonly pendingReason?: string;
}
export interface UploadAnswer {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  /** Id of the job that the upload becomes; null for an asset. */
  readonly job: string | null;
}
/** What a runtime says of itself. */
export interface AboutRuntime {
  readonly data: string;
  readonly pid: number;
  readonly ffmpeg: string;
  readonly slots: number;
  readonly engines: readonly EngineStatus[];
}

/** What commands can ask of a running runtime. */
export interface Control {
  about(): AboutRuntime;
  /** True while uploads are refused, for want of disk space. */
  isDiskFull(): boolean;
  /** Newest first. */
  list(limit: number): Promise<readonly ListedJob[]>;
  find(idOrBeginning: string): Promise<FoundJob>;
  /** @throws OperationRefused */
  cancel(id: string): Promise<void>;
  /** @throws OperationRefused */
  retry(id: string, force: boolean): Promise<void>;
  /** @param file becomes the store's own: it must not be changed afterwards */
  upload(
    key: string,
    file: string,
    contentType: string,
    metadata: Readonly<Record<string, string>>,
  ): Promise<UploadAnswer>;
}

interface ControlOptions {
  readonly ports: JobPorts;
  readonly objects: LocalObjectStore;
  readonly transcoder: Pick<TranscoderService, "read" | "abandon">;
  readonly outputPath: (key: string) => string;
  readonly isDiskFull: () => boolean;
  readonly about: Omit<AboutRuntime, "engines">;
  readonly engines: () => readonly EngineStatus[];
}

const newestFirst = (a: Job, b: Job): number => (a.createdAt < b.createdAt ? 1 : -1);

/** What commands ask, answered over the runtime's ports. */
export const createControl = (options: ControlOptions): Control => {
  const { ports, objects, transcoder, outputPath, about, engines } = options;

  const ended = createRecentMap<string, EngineProgress>(maxListedJobs);
  const engineProgress = async (id: string): Promise<EngineProgress | undefined> => {
    const known = ended.get(id);
    if (known !== undefined) return known;
    const job = await transcoder.read(id);
    if (job === undefined) return undefined;
    const { status, progress, startedAt, probe } = job;
    const read = { status, progress, startedAt, probe };
    // A job that has ended never changes again: a list need not read it twice.
    if (isTerminal(status)) ended.set(id, read);
    return read;
  };

  /** A job on the transcoder's engine is as far as the transcoder's own job. */
  const current = async (job: Job): Promise<Job> => {
    if (job.engine !== "elastic-transcoder" || job.engineJob === undefined) return job;
    return withEngineProgress(job, await engineProgress(job.engineJob));
  };

  const listed = async (job: Job): Promise<ListedJob> => {
    const reason = pendingReason(job, engines());
    return {
      job: await current(job),
      paths: Object.fromEntries(job.outputs.map(({ key }) => [key, outputPath(key)])),
      ...(reason === undefined ? {} : { pendingReason: reason }),
    };
  };

  const beginningWith = async (beginning: string): Promise<readonly Job[]> => {
    const found: Job[] = [];
    if (/^[a-z2-7]{4,52}$/.test(beginning))
      for (const status of jobStatuses)
        for await (const job of ports.jobs.all(status)) if (job.id.startsWith(beginning)) found.push(job);
    return found;
  };

  return {
    about: () => ({ ...about, engines: engines() }),
    isDiskFull: options.isDiskFull,
    async list(limit) {
      const pages = await Promise.all(jobStatuses.map((status) => ports.jobs.list(status, { limit })));
      const jobs = pages.flatMap((page) => page.jobs).sort(newestFirst);
      return Promise.all(jobs.slice(0, limit).map(listed));
    },
    async find(id) {
      const exact = await ports.jobs.read(id);
      if (exact !== undefined) return { kind: "job", ...(await listed(exact)) };
      const found = await beginningWith(id);
      const [job] = found;
      if (job === undefined)
        return {
          kind: "none",
          message: `There is no job ${id}. Ids (or their first characters, four at least) are listed by: npx reelway jobs`,
        };
      return found.length === 1
        ? { kind: "job", ...(await listed(job)) }
        : { kind: "several", message: `${found.length} jobs begin with ${id}: give more of the id.` };
    },
    async cancel(id) {
      const canceled = await cancelJob(ports, id);
      if (canceled.engine === "elastic-transcoder" && canceled.engineJob !== undefined)
        await transcoder.abandon(canceled.engineJob);
    },
    async retry(id, force) {
      await retryJob(ports, id, { force });
    },
    async upload(key, file, contentType, metadata) {
      const { bucket, bytes, versionId, etag } = await objects.adopt(
        { bucket: ports.inputBucket, key },
        file,
        { contentType, metadata },
      );
      const match = matchRoute(ports.configuration, key);
      const source = { bucket, key, etag, ...(versionId === undefined ? {} : { versionId }) };
      const route = match.kind === "route" ? match.route.name : null;
      return { bucket, key, bytes, job: match.kind === "ignored" ? null : jobId(source, route) };
    },
  };
};
