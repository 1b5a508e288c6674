import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { Bar } from "./bars.ts";

/** A job's line of progress; without a job, that of an upload that waits to become one. */
export const jobBar = (label: string, job: Job | undefined): Bar => {
  if (job === undefined) return { label, percent: 0, stage: "submitted", phase: "waiting" };
  const { status, progress } = job;
  if (!isTerminal(status)) {
    const phase = status === "Submitted" ? "waiting" : "going";
    return { label, percent: progress.percent, stage: progress.stage, phase };
  }
  return status === "Complete"
    ? { label, percent: 100, stage: status, phase: "done" }
    : { label, percent: progress.percent, stage: status, phase: "failed" };
};
