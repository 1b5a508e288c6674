import type { JobSource } from "../attempts/source.ts";
import type { ObjectSummary } from "../ports/object-store.ts";
import { computeJobId } from "./job-id.ts";
import type { JobStore } from "./job-store.ts";

/** A listed version with the job that its upload gets. */
export interface ListedUpload {
  readonly source: JobSource;
  /** Name of the route; null for an upload without a route. */
  readonly route: string | null;
}

/** Indexes that are queried concurrently. */
const queryConcurrency = 8;

/** The source of a listed version's job. Without versions, a listing lacks the event's sequencer. */
export const toJobSource = (
  bucket: string,
  { key, versionId, etag, bytes, modifiedAt }: ObjectSummary,
): JobSource => ({
  bucket,
  key,
  bytes,
  etag: etag.replaceAll('"', ""),
  modifiedAt,
  ...(versionId === undefined || versionId === "null" ? {} : { versionId }),
});

/** Without versions, a job's id contains the sequencer of the event. Any job with the same ETag counts. */
const hasJobOfContent = async (jobs: Pick<JobStore, "findBySource">, source: JobSource): Promise<boolean> =>
  (await jobs.findBySource(source.bucket, source.key)).some((job) => job.source.etag === source.etag);

/** Leaves out the uploads that have a job. One request reads 100 of them; uploads without versions are read by key. */
export const selectUnclaimed = async <Upload extends ListedUpload>(
  jobs: Pick<JobStore, "findExisting" | "findBySource">,
  uploads: readonly Upload[],
): Promise<readonly Upload[]> => {
  const uploadById = new Map<string, Upload>();
  const unversioned: Upload[] = [];
  for (const upload of uploads)
    if (upload.source.versionId === undefined) unversioned.push(upload);
    else uploadById.set(computeJobId(upload.source, upload.route), upload);
  const existing = await jobs.findExisting([...uploadById.keys()]);
  const unclaimed = [...uploadById].filter(([id]) => !existing.has(id)).map(([, upload]) => upload);
  for (let index = 0; index < unversioned.length; index += queryConcurrency) {
    const group = unversioned.slice(index, index + queryConcurrency);
    const hasJob = await Promise.all(group.map(({ source }) => hasJobOfContent(jobs, source)));
    unclaimed.push(...group.filter((_, position) => !hasJob[position]));
  }
  return unclaimed;
};
