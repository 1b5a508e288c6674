import { CommandError } from "../errors/errors.ts";
import type { ObjectReference, ObjectStore, ObjectSummary } from "../ports/object-store.ts";
import { matchRoute } from "../routing/match.ts";
import type { Route } from "../routing/route.ts";
import { computeRouteSelection } from "../routing/route-selection.ts";
import { type ClaimPorts, claimJob } from "./claim-upload.ts";
import type { JobPorts } from "./ports.ts";
import { isReadRefused } from "./source-access.ts";
import { type ListedUpload, selectUnclaimed, toJobSource } from "./upload-source.ts";

/** Uploads to give a job: the current versions of one route that were uploaded in a time. */
export interface BackfillSelection {
  readonly route: Route;
  /** ISO 8601, included. */
  readonly since: string;
  /** ISO 8601, excluded. */
  readonly until: string;
}

/** The uploads of a selection. */
export interface BackfillPlan {
  /** Those without a job. */
  readonly uploads: readonly ListedUpload[];
  /** Size of `uploads`. */
  readonly bytes: number;
  /** Number of those that have a job, which is kept. */
  readonly withJob: number;
}

/** Result of the claims, in uploads. */
export interface BackfillResult {
  readonly claimed: number;
  /** Those that were removed or got a job meanwhile. */
  readonly skipped: number;
  readonly failed: readonly { readonly key: string; readonly cause: unknown }[];
  /** Those that were not tried: the command was stopped, or all before them failed. */
  readonly rest: number;
}

type PlanPorts = Pick<JobPorts, "configuration" | "inputBucket"> & {
  readonly jobs: Pick<JobPorts["jobs"], "findExisting" | "findBySource">;
  readonly objects: Pick<ObjectStore, "listVersionPages">;
};

/** Uploads that are claimed concurrently. */
const claimConcurrency = 16;
/** The claims end after as many failures without a success: the cause is not a single upload. */
const maxFailuresBeforeSuccess = 100;

/**
 * Checks that the route of the configuration is the one that is deployed: then jobs of earlier uploads have its name.
 *
 * @throws CommandError
 */
export const requireDeployedRoute = async (
  { configuration, inputBucket, sweeps }: Pick<JobPorts, "configuration" | "inputBucket" | "sweeps">,
  route: Route,
  stage: string,
): Promise<void> => {
  const { registrations } = await sweeps.readRegistry(inputBucket);
  const registration = registrations.find((one) => one.route === route.name);
  if (registration?.selection !== computeRouteSelection(configuration, route))
    throw new CommandError(
      `Stage ${stage} does not run the route ${route.name} with this prefix and these extensions. Deploy the stage (npx reelway deploy --stage ${stage}), wait until its sweep has run (every 15 minutes), and try again.`,
    );
};

/**
 * Lists the uploads of a selection that have no job. Nothing is changed.
 *
 * @param onProgress called with the number of versions read so far
 */
export const planBackfill = async (
  { configuration, inputBucket, jobs, objects }: PlanPorts,
  { route, since, until }: BackfillSelection,
  onProgress: (versions: number) => void,
): Promise<BackfillPlan> => {
  const isSelected = ({ key, isLatest, modifiedAt }: ObjectSummary): boolean => {
    const time = Date.parse(modifiedAt);
    if (!isLatest || time < Date.parse(since) || time >= Date.parse(until)) return false;
    const match = matchRoute(configuration, key);
    return match.kind === "route" && match.route.name === route.name;
  };
  const uploads: ListedUpload[] = [];
  let withJob = 0;
  let versionCount = 0;
  for await (const { versions } of objects.listVersionPages(inputBucket, route.prefix)) {
    const selected = versions
      .filter(isSelected)
      .map((version) => ({ source: toJobSource(inputBucket, version), route: route.name }));
    const unclaimed = await selectUnclaimed(jobs, selected);
    uploads.push(...unclaimed);
    withJob += selected.length - unclaimed.length;
    versionCount += versions.length;
    onProgress(versionCount);
  }
  const bytes = uploads.reduce((sum, { source }) => sum + source.bytes, 0);
  return { uploads, bytes, withJob };
};

/** Reads metadata with the caller's own rights, which say nothing about the stage's: a refusal makes no job. */
const headAsCaller =
  ({ head }: Pick<ObjectStore, "head">) =>
  async (reference: ObjectReference) => {
    try {
      return await head(reference);
    } catch (cause) {
      if (isReadRefused(cause))
        throw new CommandError(
          `Your credentials may not read ${reference.key} in ${reference.bucket}. Attach the operator policy of the stage to your user or role and, for objects under a KMS key of your own, allow kms:Decrypt.`,
          { cause },
        );
      throw cause;
    }
  };

/**
 * Creates the jobs of uploads. The reconciler starts them within the hourly limit.
 *
 * @param stop ends after the claims that have begun
 * @param onProgress called with the number of uploads done
 */
export const claimBackfill = async (
  ports: ClaimPorts,
  uploads: readonly ListedUpload[],
  { stop, onProgress }: { readonly stop: AbortSignal; readonly onProgress: (done: number) => void },
): Promise<BackfillResult> => {
  const claimPorts = { ...ports, objects: { head: headAsCaller(ports.objects) } };
  const failed: { key: string; cause: unknown }[] = [];
  let claimed = 0;
  let done = 0;
  const queue = uploads.values();
  const claimInTurn = async (): Promise<void> => {
    for (const { source } of queue) {
      if (stop.aborted || (claimed === 0 && failed.length >= maxFailuresBeforeSuccess)) return;
      try {
        const { kind } = await claimJob(claimPorts, source, { triggers: "all" });
        if (kind === "claimed") claimed += 1;
      } catch (cause) {
        failed.push({ key: source.key, cause });
      }
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: claimConcurrency }, claimInTurn));
  return { claimed, skipped: done - claimed - failed.length, failed, rest: uploads.length - done };
};
