import type { Job } from "../pipeline/jobs/job.ts";
import type { EngineStatus } from "./engine-health.ts";

/** Why a job has not started, where its engine is the reason; undefined for every other job. */
export const getPendingReason = (
  { status, engine }: Pick<Job, "status" | "engine">,
  engines: readonly EngineStatus[],
): string | undefined => {
  if (status !== "Submitted") return undefined;
  const failingEngine = engines.find((one) => one.name === engine && one.status === "failing");
  return failingEngine === undefined
    ? undefined
    : `the ${failingEngine.name} engine is failing: ${failingEngine.message ?? ""}`;
};
