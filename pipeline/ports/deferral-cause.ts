/** Why a job that could start must wait. */
export type DeferralCause =
  /** The limit of started jobs per hour. */
  | "hourly-limit"
  /** Older jobs of the route wait. */
  | "turn"
  /** The rate of RunTask calls, Reelway's own limit or AWS's. */
  | "rate"
  | "capacity"
  | "image"
  | "network"
  | "definition"
  | "permission"
  /** AWS took the task back, e.g. a Spot interruption. */
  | "interruption"
  | "unknown";
