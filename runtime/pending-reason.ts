import type { EngineStatus } from "../pipeline/api/job-list.ts";
import type { Job } from "../pipeline/jobs/job.ts";

/** Returns why a Submitted job does not start if its engine is failing; undefined otherwise. */
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
