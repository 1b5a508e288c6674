export type { OnJobFinished } from "../lambdas/on-job-finished/on-job-finished.ts";
export type { NewThumbnail, OnOutput } from "../lambdas/on-output/on-output.ts";
export type { AppearanceEvent } from "../pipeline/highlights/appearance-event.ts";
export type { FinishedJob } from "../pipeline/jobs/finished-job.ts";
