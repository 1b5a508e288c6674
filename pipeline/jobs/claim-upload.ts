import { isTerminal } from "../attempts/job-status.ts";
import type { JobSource } from "../attempts/source.ts";
import { JobFailure } from "../errors/job-error.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { matchRoute } from "../routing/match.ts";
import type { Route } from "../routing/route.ts";
import { buildJob, buildRefusedJob } from "./build-job.ts";
import { notifyJobClosed, recordJobClosed } from "./close-job.ts";
import { buildHourlyLimitFailure, formatHour } from "./hourly-limit.ts";
import type { Job } from "./job.ts";
import { computeJobId } from "./job-id.ts";
import type { JobPorts } from "./ports.ts";
import { isReadyToStart, type StartPorts, startJob } from "./start-job.ts";

/** What claiming an upload takes. */
export type ClaimPorts = Pick<
  JobPorts,
  "configuration" | "outputBucket" | "jobs" | "clock" | "log" | "metrics"
> & {
  readonly objects: Pick<ObjectStore, "head">;
};

/** What became of an upload: no job, a job of this call's, or one that was there before. */
export type ClaimResult =
  | { readonly kind: "ignored" }
  /** Its route is started by EventBridge, without the router. */
  | { readonly kind: "skipped" }
  | { readonly kind: "claimed"; readonly job: Job }
  | { readonly kind: "duplicate"; readonly job: Job };

const buildNoRouteFailure = (key: string, prefix: string, extensions: readonly string[]): JobFailure =>
  new JobFailure(
    4000,
    `${key} has no route: ${prefix === "" ? "outside the routes' prefixes" : `under ${prefix}`} these extensions are accepted: ${extensions.join(", ") || "none"}. Upload it under an accepted name or add a route. The upload stays where it is.`,
  );

/** The uploader's own metadata, read only where a recipe asks for it. */
const readUploadMetadata = async (
  ports: ClaimPorts,
  route: Route,
  source: JobSource,
): Promise<Readonly<Record<string, string>>> => {
  if (route.engine !== "ffmpeg" || route.recipe.name !== "watermark") return {};
  const { bucket, key, versionId } = source;
  const head = await ports.objects.head({ bucket, key, ...(versionId === undefined ? {} : { versionId }) });
  return head?.metadata ?? {};
};

const planJob = async (ports: ClaimPorts, route: Route, source: JobSource): Promise<Job> => {
  const { configuration, outputBucket } = ports;
  const now = ports.clock.now();
  const metadata = await readUploadMetadata(ports, route, source);
  const job = buildJob(route, source, { configuration, outputBucket, now: now.toISOString(), metadata });
  if (isTerminal(job.status)) return job;
  const hour = formatHour(now);
  if (await ports.jobs.takeHourlySlot(hour, configuration.limits.maxJobsPerHour)) return job;
  const failure = buildHourlyLimitFailure(configuration.limits, hour).toJobError();
  return buildRefusedJob(route, source, failure, now.toISOString(), job.specification);
};

/**
 * Makes the one job of an upload and starts nothing: whoever sees it next does, at the latest the reconciler. The
 * hour's slot is taken before the claim, so every open job holds one; a crash between the two costs a slot, never
 * a job too many.
 *
 * @param triggers `lambda` skips routes that EventBridge starts; the sweep takes `all`
 */
export const claimJob = async (
  ports: ClaimPorts,
  source: JobSource,
  { triggers }: { readonly triggers: "lambda" | "all" },
): Promise<ClaimResult> => {
  const match = matchRoute(ports.configuration, source.key);
  if (match.kind === "ignored") return { kind: "ignored" };
  const route = match.kind === "route" ? match.route : null;
  if (route?.trigger === "eventbridge" && triggers === "lambda") return { kind: "skipped" };
  const existing = await ports.jobs.read(computeJobId(source, route?.name ?? null));
  if (existing !== undefined) return { kind: "duplicate", job: existing };
  const job =
    match.kind === "route"
      ? await planJob(ports, match.route, source)
      : buildRefusedJob(
          null,
          source,
          buildNoRouteFailure(source.key, match.prefix, match.acceptedExtensions).toJobError(),
          ports.clock.now().toISOString(),
        );
  const { claimed, job: stored } = await ports.jobs.claim(job);
  if (claimed && isTerminal(stored.status)) recordJobClosed(ports, stored);
  return { kind: claimed ? "claimed" : "duplicate", job: stored };
};

/**
 * Makes the one job of an upload and starts it: claims before anything is spent, and takes up a claim that was
 * left before its start. Routes that EventBridge starts are left alone.
 *
 * @throws whatever another delivery of the upload may mend
 */
export const claimUpload = async (
  ports: ClaimPorts & StartPorts,
  source: JobSource,
  options: { readonly triggers: "lambda" | "all" },
): Promise<ClaimResult> => {
  const claim = await claimJob(ports, source, options);
  if (claim.kind === "duplicate" && isReadyToStart(claim.job, ports.clock.now()))
    await startJob(ports, claim.job);
  if (claim.kind === "claimed")
    if (isTerminal(claim.job.status)) await notifyJobClosed(ports, claim.job);
    else await startJob(ports, claim.job);
  return claim;
};
