import { JobFailure } from "../errors/job-error.ts";
import { retryAdvice } from "../errors/retry-advice.ts";
import type { DeferralCause } from "../ports/deferral-cause.ts";

/** Why the current attempt of a job waits. It is cleared when a worker begins. */
export interface Deferral {
  readonly cause: DeferralCause;
  /** For people: what was refused, and by whom. */
  readonly reason: string;
  /** ISO 8601. The first refusal by AWS since a worker last began; Reelway's own limits do not set it. */
  readonly since?: string;
  /** Number of refusals by AWS since then. */
  readonly count: number;
}

/** A start that was refused, or a task that AWS took back. */
export interface Refusal {
  readonly cause: DeferralCause;
  readonly reason: string;
}

/** How long a job waits before its next start: the first time, and at most, seconds. */
export interface DeferralDelays {
  readonly firstSeconds: number;
  readonly longestSeconds: number;
}

/** A refused job: deferred until a time (ISO 8601), or refused for too long. */
export type DeferralDecision =
  | { readonly kind: "deferred"; readonly deferral: Deferral; readonly notBefore: string }
  | { readonly kind: "expired"; readonly failure: JobFailure };

/** How long AWS may refuse a job before it is closed as Error. */
export const maxRefusalSeconds = 72 * 3600;

const ownLimits: ReadonlySet<DeferralCause> = new Set(["hourly-limit", "turn", "rate"]);

/** True for a limit of Reelway or of the rate of calls: a job waits for it as long as it takes. */
export const isOwnLimit = (cause: DeferralCause): boolean => ownLimits.has(cause);

/** What to do about a cause that lasts. */
const advice: Readonly<Record<DeferralCause, string>> = {
  "hourly-limit": "Raise maxJobsPerHour.",
  turn: "Raise maxJobsPerHour.",
  rate: "Start fewer jobs at once.",
  capacity:
    "Raise the quota of Fargate vCPUs in Service Quotas, or lower the recipe's size in taskSizes, and deploy.",
  image: "Check that the worker's image exists and that its execution role may pull it.",
  network: "Check the subnets, endpoints and security groups of the tasks.",
  definition: "Deploy the stack compute: npx reelway deploy --stage STAGE --only compute.",
  permission: "Check the permissions of the function's role.",
  interruption: "Run the tasks on demand, without Spot capacity.",
  unknown: "Repair what the message names.",
};

const buildExpiredFailure = ({ cause, reason }: Refusal): JobFailure =>
  new JobFailure(
    1001,
    `AWS refused to start the job for ${maxRefusalSeconds / 3600} hours. ${reason} ${advice[cause]} Check the stage with npx reelway doctor --stage STAGE, ${retryAdvice}`,
    { retryable: true },
  );

/** 30 seconds to 15 minutes; less where the backoff of attempts is shorter, e.g. on one machine. */
export const getDeferralDelays = (retryBackoffSeconds: number): DeferralDelays => {
  const firstSeconds = Math.min(30, retryBackoffSeconds);
  return { firstSeconds, longestSeconds: firstSeconds * 30 };
};

/**
 * Decides how long a refused job waits. The delay doubles with each refusal by AWS, with jitter of a quarter. Only
 * refusals by AWS make a job fail, after 72 hours without a worker.
 *
 * @param previous of the job's current attempt
 * @param random 0 to 1, e.g. `Math.random()`
 */
export const computeDeferral = (
  previous: Deferral | undefined,
  { cause, reason }: Refusal,
  now: Date,
  { firstSeconds, longestSeconds }: DeferralDelays,
  random: number,
): DeferralDecision => {
  const addSeconds = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();
  const earlier = {
    count: previous?.count ?? 0,
    ...(previous?.since === undefined ? {} : { since: previous.since }),
  };
  if (isOwnLimit(cause))
    return { kind: "deferred", deferral: { ...earlier, cause, reason }, notBefore: now.toISOString() };
  const since = previous?.since ?? now.toISOString();
  if (now.getTime() - Date.parse(since) >= maxRefusalSeconds * 1000)
    return { kind: "expired", failure: buildExpiredFailure({ cause, reason }) };
  const count = earlier.count + 1;
  // A task that ran is lost: its next attempt need not wait.
  const delaySeconds =
    cause === "interruption" && count === 1
      ? 0
      : Math.min(longestSeconds, firstSeconds * 2 ** Math.min(count - 1, 30)) * (0.75 + random / 2);
  return { kind: "deferred", deferral: { cause, reason, since, count }, notBefore: addSeconds(delaySeconds) };
};
