import type { Job } from "../pipeline/jobs/job.ts";
import type { EngineStatus } from "./engine-health.ts";

/** Why a job has not started, where its engine is the reason; undefined for every other job. */
export const pendingReason = (
  { status, engine }: Pick<Job, "status" | "engine">,
  engines: readonly EngineStatus[],
): string | undefined => {
  if (status !== "Submitted") return undefined;
  const failing = engines.find((one) => one.name === engine && one.status === "failing");
  return failing === undefined
    ? undefined
    : `the ${failing.name} engine is failing: ${failing.message ?? ""}`;
};
