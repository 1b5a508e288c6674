import type { AttemptRecord } from "../attempts/attempt-record.ts";

/** Rate of RunTask for all functions together. ECS allows 20 calls per second, in bursts too (Fargate throttling). */
export const runTaskRate = { perSecond: 15, burst: 5 } as const;

/** True if the last start lacked capacity, or a task was taken back: Spot capacity is short. */
export const isShortOfCapacity = ({ deferral }: Pick<AttemptRecord, "deferral">): boolean =>
  deferral?.cause === "capacity" || deferral?.cause === "interruption";
