import { isTerminal } from "../attempts/job-status.ts";
import type { Job } from "../jobs/job.ts";
import { hashSource } from "../jobs/job-id.ts";
import type { JobStore } from "../jobs/job-store.ts";
import { ownershipMetadata } from "../jobs/ownership.ts";
import type { ObjectStore, ObjectSummary } from "../ports/object-store.ts";
import { isSourceVersion } from "./source-version.ts";
import { isNewerVersion } from "./superseded.ts";

/** Ports for the deletion of a video. */
export interface DeletionPorts {
  readonly jobs: Pick<JobStore, "findBySource" | "remove">;
  readonly objects: Pick<ObjectStore, "head" | "listVersions" | "removeVersions">;
  /** Cancels an open job. @throws OperationRefused if its outputs are published, and it will be Complete soon */
  readonly cancelJob: (id: string) => Promise<void>;
  /** Removes what else refers to a job, before its record is removed. Can be repeated. @default nothing */
  readonly removeReferences?: (job: Job) => Promise<void>;
}

interface OutputVersion extends ObjectSummary {
  readonly bucket: string;
}

/** What the deletion of a video removes. */
export interface DeletionPlan {
  /** `upload`: all versions of the upload and everything made from them; `version`: one replaced version of it. */
  readonly scope: "upload" | "version";
  /** The video's own job is the last one. */
  readonly jobs: readonly Job[];
  readonly sources: readonly ObjectSummary[];
  readonly outputs: readonly OutputVersion[];
}

/** Objects whose metadata is read concurrently. */
const readConcurrency = 16;

const isSameVersion = ({ source }: Job, { source: other }: Job): boolean =>
  source.versionId === undefined ? source.etag === other.etag : source.versionId === other.versionId;

/** The keys and folders that jobs write, by bucket, without those in a folder that is listed itself. */
const listOutputPlaces = (
  jobs: readonly Job[],
): readonly { readonly bucket: string; readonly key: string }[] => {
  const places = new Map<string, { readonly bucket: string; readonly key: string }>();
  for (const { specification, outputs } of jobs)
    if (specification !== null)
      for (const key of [...specification.outputKeys, ...outputs.map((output) => output.key)])
        places.set(`${specification.outputBucket}/${key}`, { bucket: specification.outputBucket, key });
  const all = [...places.values()];
  return all.filter(
    ({ bucket, key }) =>
      !all.some(
        (other) =>
          other.bucket === bucket &&
          other.key !== key &&
          other.key.endsWith("/") &&
          key.startsWith(other.key),
      ),
  );
};

/**
 * Lists the versions of outputs that belong to the deletion: by their metadata, because a key that a job planned to write
 * can have an object of another source.
 */
const listOutputs = async (
  { objects }: Pick<DeletionPorts, "objects">,
  jobs: readonly Job[],
  isIncluded: (metadata: Readonly<Record<string, string>>) => boolean,
): Promise<readonly OutputVersion[]> => {
  const found: OutputVersion[] = [];
  let batch: OutputVersion[] = [];
  const checkBatch = async (): Promise<void> => {
    const heads = await Promise.all(
      batch.map(({ bucket, key, versionId }) =>
        objects.head({ bucket, key, ...(versionId === undefined ? {} : { versionId }) }),
      ),
    );
    found.push(...batch.filter((_, index) => isIncluded(heads[index]?.metadata ?? {})));
    batch = [];
  };
  for (const place of listOutputPlaces(jobs))
    for await (const version of objects.listVersions(place.bucket, place.key)) {
      if (version.key !== place.key && !place.key.endsWith("/")) continue;
      batch.push({ ...version, bucket: place.bucket });
      if (batch.length === readConcurrency) await checkBatch();
    }
  await checkBatch();
  return found;
};

/**
 * Plans the deletion of a video.
 *
 * The video of the current version of its upload goes with all older versions of the key and everything made from them:
 * otherwise the version before would become the current one, and its video would come back. The video of a version that
 * has been replaced goes with this version alone. A version that is newer than the video is never removed.
 */
export const planDeletion = async (
  ports: Pick<DeletionPorts, "jobs" | "objects">,
  video: Job,
): Promise<DeletionPlan> => {
  const { bucket, key } = video.source;
  const versions: ObjectSummary[] = [];
  for await (const version of ports.objects.listVersions(bucket, key))
    if (version.key === key) versions.push(version);
  const allJobs = (await ports.jobs.findBySource(bucket, key)).filter(({ id }) => id !== video.id);
  const current = versions.find(({ isLatest }) => isLatest);
  const isCurrent =
    current === undefined
      ? !allJobs.some((job) => isNewerVersion(job, video))
      : isSourceVersion(video, current);
  const ownIndex = versions.findIndex((version) => isSourceVersion(video, version));
  if (!isCurrent) {
    const sources = versions.filter((_, index) => index === ownIndex);
    const jobs = [...allJobs.filter((job) => isSameVersion(job, video)), video];
    const ids = new Set(jobs.map(({ id }) => id));
    const outputs = await listOutputs(ports, jobs, (metadata) =>
      ids.has(metadata[ownershipMetadata.job] ?? ""),
    );
    return { scope: "version", jobs, sources, outputs };
  }
  const uploadedMs = Date.parse(video.source.modifiedAt ?? video.createdAt);
  const sources =
    ownIndex < 0
      ? versions.filter(({ modifiedAt }) => Date.parse(modifiedAt) <= uploadedMs)
      : versions.slice(ownIndex);
  const jobs = [...allJobs.filter((job) => !isNewerVersion(job, video)), video];
  const sourceHash = hashSource(bucket, key);
  const outputs = await listOutputs(
    ports,
    jobs,
    (metadata) => metadata[ownershipMetadata.source] === sourceHash,
  );
  return { scope: "upload", jobs, sources, outputs };
};

/**
 * Deletes a video: cancels what still runs, then removes the outputs, the source, and at last the records, so that a
 * deletion that was interrupted can be repeated. The source goes before its record: without a source, no late event and
 * no sweep creates the job again.
 *
 * @param plan of `planDeletion`
 * @returns false if a job was changed at the same time, and the deletion must be repeated
 * @throws OperationRefused if a job has just published its outputs
 */
export const deleteVideo = async (ports: DeletionPorts, video: Job, plan: DeletionPlan): Promise<boolean> => {
  const openJobs = plan.jobs.filter(({ status }) => !isTerminal(status));
  for (const { id } of openJobs) await ports.cancelJob(id);
  // A worker may have published outputs before it was stopped.
  const { outputs, sources, jobs } = openJobs.length === 0 ? plan : await planDeletion(ports, video);
  for (const [bucket, versions] of groupByBucket(outputs))
    await ports.objects.removeVersions(bucket, versions);
  await ports.objects.removeVersions(video.source.bucket, sources);
  for (const job of jobs) {
    await ports.removeReferences?.(job);
    if (!(await ports.jobs.remove(job.id))) return false;
  }
  return true;
};

const groupByBucket = (outputs: readonly OutputVersion[]): ReadonlyMap<string, readonly OutputVersion[]> => {
  const groups = new Map<string, OutputVersion[]>();
  for (const output of outputs) groups.set(output.bucket, [...(groups.get(output.bucket) ?? []), output]);
  return groups;
};
