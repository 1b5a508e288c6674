import type { DeferralCause } from "../ports/deferral-cause.ts";

/** Why the current attempt of a job waits. It is cleared when a worker begins. */
export interface Deferral {
  readonly cause: DeferralCause;
  /** For people: what was refused, and by whom. */
  readonly reason: string;
  /** ISO 8601. The first refusal by AWS since a worker last began; Reelway's own limits do not set it. */
  readonly since: string;
  /** Number of refusals by AWS since then. */
  readonly count: number;
}
