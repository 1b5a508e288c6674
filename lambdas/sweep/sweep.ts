import { isFolderMarker } from "../../pipeline/events/upload.ts";
import { type ClaimPorts, claimJob } from "../../pipeline/jobs/claim-upload.ts";
import { isUploadedSince, type RegistryPorts, registerRoutes } from "../../pipeline/jobs/route-registry.ts";
import { listSweepPrefixes } from "../../pipeline/jobs/sweep-prefixes.ts";
import type { SweepCursor } from "../../pipeline/jobs/sweep-store.ts";
import { isWithinSweepWindow, sweepWindowSeconds } from "../../pipeline/jobs/sweep-window.ts";
import { type ListedUpload, selectUnclaimed, toJobSource } from "../../pipeline/jobs/upload-source.ts";
import type { ObjectStore, ObjectSummary } from "../../pipeline/ports/object-store.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";

/** Ports of the sweep. */
export type SweepPorts = ClaimPorts &
  RegistryPorts & { readonly objects: Pick<ObjectStore, "listVersionPages"> };

/** Result of one run, in object versions. */
export interface SweepReport {
  /** Versions whose jobs were looked up. */
  readonly seen: number;
  readonly claimed: number;
  /** Versions that could not be claimed. The next pass retries them. */
  readonly failed: number;
}

/** What one run does at most. The next run continues. */
export interface SweepLimits {
  /** Pages of about 1,000 versions. */
  readonly pages: number;
  /** Time, of the 15 minutes between two runs. */
  readonly seconds: number;
}
const defaultLimits: SweepLimits = { pages: 200, seconds: 8 * 60 };

/** Versions that are claimed concurrently. */
const claimConcurrency = 8;
/** Versions whose jobs are looked up by one request. */
const lookupSize = 100;

type SweepPosition = Omit<SweepCursor, "passStartedAt">;
interface SweepPage {
  readonly versions: readonly ObjectSummary[];
  /** Undefined on the last page of a pass. */
  readonly next: SweepPosition | undefined;
}

/** Lists the versions below all prefixes of the routes, from a position on. Prefixes before it are left out. */
async function* listPages(
  { objects, inputBucket, configuration }: SweepPorts,
  from: SweepPosition | undefined,
): AsyncGenerator<SweepPage> {
  const prefixes = listSweepPrefixes(configuration).filter(
    (prefix) => from === undefined || prefix >= from.prefix,
  );
  // A change of the routes removed the prefix of the position and all after it.
  if (prefixes.length === 0) yield { versions: [], next: undefined };
  for (const [index, prefix] of prefixes.entries()) {
    const nextPrefix = prefixes[index + 1];
    const ofNextPrefix = nextPrefix === undefined ? undefined : { prefix: nextPrefix };
    const after = prefix === from?.prefix ? from.after : undefined;
    for await (const { versions, next } of objects.listVersionPages(inputBucket, prefix, after))
      yield { versions, next: next === undefined ? ofNextPrefix : { prefix, after: next } };
  }
}

/**
 * Creates the sweep. It claims the versions in the input bucket whose event was lost, including those of routes that
 * EventBridge starts directly, but none that is older than its route: a new or changed route, or a bucket that had
 * objects before, costs nothing. It starts no jobs and sends no notifications; the reconciler does, as it does for a
 * router that was interrupted after a claim.
 *
 * A pass over a large bucket takes several runs. The cursor is saved after each page's claims, so that a run that is
 * interrupted leaves out nothing.
 */
export const createSweep = (
  ports: SweepPorts,
  limits: SweepLimits = defaultLimits,
): (() => Promise<SweepReport>) => {
  const { inputBucket, configuration, clock } = ports;

  /** Warns after a pass that was too long to see every replaced version. */
  const checkPassDuration = (passStartedAt: string): void => {
    const seconds = (clock.now().getTime() - Date.parse(passStartedAt)) / 1000;
    if (seconds > sweepWindowSeconds.maxNoncurrent)
      ports.log.warn(
        "A pass of the sweep over the input bucket took longer than a day; uploads that were replaced and whose event was lost may have no job",
        { hours: Math.round(seconds / 3600) },
      );
  };

  return async () => {
    const deadline = clock.now().getTime() + limits.seconds * 1000;
    const isOver = (): boolean => clock.now().getTime() >= deadline;
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
        ports.log.warn("Claiming an upload failed; the next sweep of the bucket retries it", {
          key: uploads[index]?.source.key,
          error: result.reason,
        });
      }
    };

    const registrations = await registerRoutes(ports);
    const selectUploads = (versions: readonly ObjectSummary[]): readonly ListedUpload[] =>
      versions.flatMap((version) => {
        if (isFolderMarker(version.key) || !isWithinSweepWindow(version, clock.now())) return [];
        const match = matchRoute(configuration, version.key);
        if (match.kind === "ignored") return [];
        const route = match.kind === "route" ? match.route.name : null;
        return isUploadedSince(registrations, route, version)
          ? [{ source: toJobSource(inputBucket, version), route }]
          : [];
      });

    /** Returns false if the time of the run ended before the page did. */
    const sweepPage = async (versions: readonly ObjectSummary[]): Promise<boolean> => {
      const uploads = selectUploads(versions);
      for (let start = 0; start < uploads.length; start += lookupSize) {
        if (isOver()) return false;
        const group = uploads.slice(start, start + lookupSize);
        count.seen += group.length;
        const unclaimed = await selectUnclaimed(ports.jobs, group);
        for (let index = 0; index < unclaimed.length; index += claimConcurrency) {
          if (isOver()) return false;
          await claimAll(unclaimed.slice(index, index + claimConcurrency));
        }
      }
      return true;
    };

    const cursor = await ports.sweeps.readCursor(inputBucket);
    const passStartedAt = cursor?.passStartedAt ?? clock.now().toISOString();
    let pages = 0;
    for await (const { versions, next } of listPages(ports, cursor)) {
      if (!(await sweepPage(versions))) return count;
      pages += 1;
      if (next !== undefined) await ports.sweeps.writeCursor(inputBucket, { ...next, passStartedAt });
      else if (cursor !== undefined || pages > 1) await ports.sweeps.writeCursor(inputBucket, undefined);
      if (next !== undefined && (pages >= limits.pages || isOver())) return count;
    }
    checkPassDuration(passStartedAt);
    return count;
  };
};
