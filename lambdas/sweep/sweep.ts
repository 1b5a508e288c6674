import type { JobSource } from "../../pipeline/attempts/source.ts";
import { isFolderMarker } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimJob } from "../../pipeline/jobs/claim-upload.ts";
import type { JobPorts } from "../../pipeline/jobs/ports.ts";
import { isWithinSweepWindow } from "../../pipeline/jobs/sweep-window.ts";
import type { ObjectStore, ObjectSummary } from "../../pipeline/ports/object-store.ts";

/** Ports of the sweep. */
export type SweepPorts = ClaimPorts &
  Pick<JobPorts, "inputBucket"> & { readonly objects: Pick<ObjectStore, "listVersions"> };

/** What one sweep did, in object versions. */
export interface SweepReport {
  readonly seen: number;
  readonly claimed: number;
  /** That could not be claimed; the next sweep tries again. */
  readonly failed: number;
}

/** Versions that are claimed side by side. */
const claimConcurrency = 8;

/**
 * The sweep: claims the versions of the input bucket whose event never came, those of routes that EventBridge
 * starts included. It starts nothing and sends nothing: the reconciler does, as it does for a router that was cut
 * off after its claim.
 */
export const createSweep = (ports: SweepPorts): (() => Promise<SweepReport>) => {
  /** Without versions an id holds the event's sequencer, which a listing lacks: any job of the content counts. */
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
        ports.log.warn("An upload could not be claimed; the next sweep tries again", {
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
