import { isTerminal } from "../attempts/job-status.ts";
import type { JobSource } from "../attempts/source.ts";
import { JobFailure } from "../errors/job-error.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { StoreFailure } from "../ports/store-failure.ts";
import { isStartedDirectly } from "../routing/direct-match.ts";
import { matchRoute } from "../routing/match.ts";
import { getOwnerId } from "../uploads/user-metadata.ts";
import { buildJob, buildRefusedJob, buildUnreadableJob } from "./build-job.ts";
import { notifyJobClosed, recordJobClosed } from "./close-job.ts";
import type { Job } from "./job.ts";
import { computeJobId } from "./job-id.ts";
import type { JobPorts } from "./ports.ts";
import { buildReadRefusedFailure, headUpload } from "./source-access.ts";
import { isReadyToStart, type StartPorts, startInTurn } from "./start-job.ts";

/** Ports for claiming an upload. */
export type ClaimPorts = Pick<
  JobPorts,
  "configuration" | "outputBucket" | "jobs" | "reader" | "clock" | "log" | "metrics"
> & {
  readonly objects: Pick<ObjectStore, "head">;
};

/** Result of a claim: no job, a new job, or an existing one. */
export type ClaimResult =
  | { readonly kind: "ignored" }
  /** The object version no longer exists. */
  | { readonly kind: "removed" }
  /** The route is started directly by EventBridge. */
  | { readonly kind: "skipped" }
  | { readonly kind: "claimed"; readonly job: Job }
  | { readonly kind: "duplicate"; readonly job: Job };

const buildNoRouteFailure = (key: string, prefix: string, extensions: readonly string[]): JobFailure =>
  new JobFailure(
    4000,
    `${key} has no route: ${prefix === "" ? "outside the routes' prefixes" : `under ${prefix}`} these extensions are accepted: ${extensions.join(", ") || "none"}. Rename the file and upload it again, or add a route. The uploaded object is kept.`,
  );

/**
 * Creates the job of an upload without starting it. The next event or the reconciler starts it. No limit of starts
 * applies yet: every upload gets its job at once.
 *
 * A deleted upload gets no job. The deletion of a video removes the object before the job's record, and here the object
 * is read after the record, so that a late event or a sweep never brings the job back. An upload that the role may not
 * read gets an Error job, which an operator can retry.
 *
 * @param triggers `lambda` skips uploads that EventBridge starts directly; the sweep uses `all`
 */
export const claimJob = async (
  ports: ClaimPorts,
  source: JobSource,
  { triggers }: { readonly triggers: "lambda" | "all" },
): Promise<ClaimResult> => {
  const match = matchRoute(ports.configuration, source.key);
  if (match.kind === "ignored") return { kind: "ignored" };
  const route = match.kind === "route" ? match.route : null;
  if (route !== null && isStartedDirectly(route, source.key) && triggers === "lambda")
    return { kind: "skipped" };
  const existing = await ports.jobs.read(computeJobId(source, route?.name ?? null));
  if (existing !== undefined) return { kind: "duplicate", job: existing };
  const head = await headUpload(ports.objects, source);
  if (head === undefined) return { kind: "removed" };
  const now = ports.clock.now().toISOString();
  const context = { configuration: ports.configuration, outputBucket: ports.outputBucket, now };
  let job: Job;
  if (match.kind !== "route") {
    const failure = buildNoRouteFailure(source.key, match.prefix, match.acceptedExtensions);
    const ownerId = head instanceof StoreFailure ? undefined : getOwnerId(head.metadata);
    job = buildRefusedJob(null, source, failure.toJobError(), { now, ownerId });
  } else if (head instanceof StoreFailure) {
    const id = computeJobId(source, match.route.name);
    const failure = buildReadRefusedFailure(source, id, head, ports.reader);
    job = buildUnreadableJob(match.route, source, failure, context);
  } else {
    job = buildJob(match.route, source, { ...context, metadata: head.metadata });
  }
  const { claimed, job: stored } = await ports.jobs.claim(job);
  if (claimed && isTerminal(stored.status)) recordJobClosed(ports, stored);
  return { kind: claimed ? "claimed" : "duplicate", job: stored };
};

/**
 * Creates the job of an upload and starts it, unless older jobs of its route wait. The claim comes before any cost. A
 * claimed job that was not started is started too. With triggers `lambda`, routes that EventBridge starts directly are skipped.
 *
 * @throws transient errors, for which the upload's event is delivered again
 */
export const claimUpload = async (
  ports: ClaimPorts & StartPorts,
  source: JobSource,
  options: { readonly triggers: "lambda" | "all" },
): Promise<ClaimResult> => {
  const claim = await claimJob(ports, source, options);
  if (claim.kind === "duplicate" && isReadyToStart(claim.job, ports.clock.now()))
    await startInTurn(ports, claim.job);
  if (claim.kind === "claimed")
    if (isTerminal(claim.job.status)) await notifyJobClosed(ports, claim.job);
    else await startInTurn(ports, claim.job);
  return claim;
};
