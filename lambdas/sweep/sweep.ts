import type { JobSource } from "../../pipeline/attempts/source.ts";
import { isFolderMarker } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimJob, computeUploadJobId } from "../../pipeline/jobs/claim-upload.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import { isWithinSweepWindow } from "../../pipeline/jobs/sweep-window.ts";
import type { ObjectStore, ObjectSummary } from "../../pipeline/ports/object-store.ts";

/** Ports of the sweep. */
export type SweepPorts = ClaimPorts &
  Pick<JobPorts, "inputBucket"> & { readonly objects: Pick<ObjectStore, "listVersions"> };

/** Result of one sweep, in object versions. */
export interface SweepReport {
  readonly seen: number;
  readonly claimed: number;
  /** Versions that could not be claimed. The next sweep retries them. */
  readonly failed: number;
}

/** Versions that are claimed concurrently. */
const claimConcurrency = 8;
/** Versions whose jobs are looked up by one request. */
const lookupSize = 100;

/**
 * Creates the sweep. It claims the versions in the input bucket whose event was lost, including those of routes that
 * EventBridge starts directly. It starts no jobs and sends no notifications; the reconciler does, as it does for a
 * router that was interrupted after a claim.
 */
export const createSweep = (ports: SweepPorts): (() => Promise<SweepReport>) => {
  /**
   * Without versions, a job id contains the event's sequencer, which a listing lacks. Any job with the same ETag
   * counts.
   */
  const hasJob = async (source: JobSource): Promise<boolean> => {
    if (source.versionId !== undefined) return false;
    const jobs = await ports.jobs.findBySource(source.bucket, source.key);
    return jobs.some((job) => job.source.etag === source.etag);
  };

  const toSource = ({ key, versionId, etag, bytes, modifiedAt }: ObjectSummary): JobSource => ({
    bucket: ports.inputBucket,
    key,
    bytes,
    etag: etag.replaceAll('"', ""),
    modifiedAt,
    ...(versionId === undefined || versionId === "null" ? {} : { versionId }),
  });

  const claim = async (source: JobSource): Promise<boolean> => {
    if (await hasJob(source)) return false;
    return (await claimJob(ports, source, { triggers: "all" })).kind === "claimed";
  };

  /** Leaves out versions that have a job: nearly all. The others are claimed, which reads their records again. */
  const selectUnclaimed = async (sources: readonly JobSource[]): Promise<readonly JobSource[]> => {
    const sourceById = new Map<string, JobSource>();
    const others: JobSource[] = [];
    for (const source of sources) {
      const id = computeUploadJobId(ports, source);
      if (id === undefined) continue;
      if (source.versionId === undefined) others.push(source);
      else sourceById.set(id, source);
    }
    const existing = await ports.jobs.findExisting([...sourceById.keys()]);
    return [...others, ...[...sourceById].filter(([id]) => !existing.has(id)).map(([, source]) => source)];
  };

  return async () => {
    const count = { seen: 0, claimed: 0, failed: 0 };
    const claimAll = async (sources: readonly JobSource[]): Promise<void> => {
      const results = await Promise.allSettled(sources.map(claim));
      for (const [index, result] of results.entries()) {
        if (result.status === "fulfilled") {
          if (result.value) count.claimed += 1;
          continue;
        }
        count.failed += 1;
        ports.log.warn("Claiming an upload failed; the next sweep retries it", {
          key: sources[index]?.key,
          error: result.reason,
        });
      }
    };

    const sweepBatch = async (batch: readonly JobSource[]): Promise<void> => {
      const unclaimed = await selectUnclaimed(batch);
      for (let index = 0; index < unclaimed.length; index += claimConcurrency)
        await claimAll(unclaimed.slice(index, index + claimConcurrency));
    };

    let batch: JobSource[] = [];
    for await (const version of ports.objects.listVersions(ports.inputBucket, "")) {
      if (isFolderMarker(version.key) || !isWithinSweepWindow(version, ports.clock.now())) continue;
      count.seen += 1;
      batch.push(toSource(version));
      if (batch.length < lookupSize) continue;
      await sweepBatch(batch);
      batch = [];
    }
    await sweepBatch(batch);
    return count;
  };
};
