import { isTerminal } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { Bar } from "./bars.ts";

/** Creates the progress bar of a job, or of an upload that has no job yet. */
export const createJobBar = (label: string, job: Pick<Job, "status" | "progress"> | undefined): Bar => {
  if (job === undefined) return { label, percent: 0, phase: "submitted", state: "pending" };
  const { status, progress } = job;
  if (!isTerminal(status)) {
    const state = status === "Submitted" ? "pending" : "running";
    return { label, percent: progress.percent, phase: progress.phase, state };
  }
  return status === "Complete"
    ? { label, percent: 100, phase: status, state: "done" }
    : { label, percent: progress.percent, phase: status, state: "failed" };
};
