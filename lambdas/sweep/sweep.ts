import type { JobSource } from "../../pipeline/attempts/source.ts";
import { isFolderMarker } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimJob } from "../../pipeline/jobs/claim-upload.ts";
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

  const claim = async (version: ObjectSummary): Promise<boolean> => {
    const { key, versionId, etag, bytes, modifiedAt } = version;
    const source = {
      bucket: ports.inputBucket,
      key,
      bytes,
      etag: etag.replaceAll('"', ""),
      modifiedAt,
      ...(versionId === undefined || versionId === "null" ? {} : { versionId }),
    };
    if (await hasJob(source)) return false;
    return (await claimJob(ports, source, { triggers: "all" })).kind === "claimed";
  };

  return async () => {
    const count = { seen: 0, claimed: 0, failed: 0 };
    const claimAll = async (versions: readonly ObjectSummary[]): Promise<void> => {
      const results = await Promise.allSettled(versions.map(claim));
      for (const [index, result] of results.entries()) {
        if (result.status === "fulfilled") {
          if (result.value) count.claimed += 1;
          continue;
        }
        count.failed += 1;
        ports.log.warn("Claiming an upload failed; the next sweep retries it", {
          key: versions[index]?.key,
          error: result.reason,
        });
      }
    };

    let batch: ObjectSummary[] = [];
    for await (const version of ports.objects.listVersions(ports.inputBucket, "")) {
      if (isFolderMarker(version.key) || !isWithinSweepWindow(version, ports.clock.now())) continue;
      count.seen += 1;
      batch.push(version);
      if (batch.length < claimConcurrency) continue;
      await claimAll(batch);
      batch = [];
    }
    await claimAll(batch);
    return count;
  };
};
