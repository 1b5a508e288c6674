import type { Deferral } from "./deferral.ts";

/** Options for scheduling the next attempt. */
export interface NextAttemptOptions {
  /** New limit, if the closed attempt must not count. */
  readonly maxAttempts?: number;
  /** Why the next attempt waits, if AWS refused or took the task. */
  readonly deferral?: Deferral;
  /** Only if the attempt has no report: its worker may have written one since the record was read. */
  readonly unlessReported?: boolean;
}
