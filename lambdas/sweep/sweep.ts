import { isFolderMarker } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimJob } from "../../pipeline/jobs/claim-upload.ts";
import { isUploadedSince, type RegistryPorts, registerRoutes } from "../../pipeline/jobs/route-registry.ts";
import { isWithinSweepWindow } from "../../pipeline/jobs/sweep-window.ts";
import { type ListedUpload, selectUnclaimed, toJobSource } from "../../pipeline/jobs/upload-source.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";

/** Ports of the sweep. */
export type SweepPorts = ClaimPorts & RegistryPorts & { readonly objects: Pick<ObjectStore, "listVersions"> };

/** Result of one sweep, in object versions. */
export interface SweepReport {
  /** Versions whose jobs were looked up. */
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
 * EventBridge starts directly, but none that is older than its route: a new or changed route, or a bucket that had
 * objects before, costs nothing. It starts no jobs and sends no notifications; the reconciler does, as it does for a
 * router that was interrupted after a claim.
 */
export const createSweep =
  (ports: SweepPorts): (() => Promise<SweepReport>) =>
  async () => {
    const count = { seen: 0, claimed: 0, failed: 0 };
    const claimAll = async (uploads: readonly ListedUpload[]): Promise<void> => {
      const results = await Promise.allSettled(
        uploads.map(({ source }) => claimJob(ports, source, { triggers: "all" })),
      );
      for (const [index, result] of results.entries()) {
        if (result.status === "fulfilled") {
          if (result.value.kind === "claimed") count.claimed += 1;
          continue;
        }
        count.failed += 1;
        ports.log.warn("Claiming an upload failed; the next sweep retries it", {
          key: uploads[index]?.source.key,
          error: result.reason,
        });
      }
    };

    const sweepBatch = async (batch: readonly ListedUpload[]): Promise<void> => {
      const unclaimed = await selectUnclaimed(ports.jobs, batch);
      for (let index = 0; index < unclaimed.length; index += claimConcurrency)
        await claimAll(unclaimed.slice(index, index + claimConcurrency));
    };

    const registrations = await registerRoutes(ports);
    let batch: ListedUpload[] = [];
    for await (const version of ports.objects.listVersions(ports.inputBucket, "")) {
      if (isFolderMarker(version.key) || !isWithinSweepWindow(version, ports.clock.now())) continue;
      const match = matchRoute(ports.configuration, version.key);
      if (match.kind === "ignored") continue;
      const route = match.kind === "route" ? match.route.name : null;
      if (!isUploadedSince(registrations, route, version)) continue;
      count.seen += 1;
      batch.push({ source: toJobSource(ports.inputBucket, version), route });
      if (batch.length < lookupSize) continue;
      await sweepBatch(batch);
      batch = [];
    }
    await sweepBatch(batch);
    return count;
  };
