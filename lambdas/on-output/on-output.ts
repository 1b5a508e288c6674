import type { Job } from "../../pipeline/jobs/job.ts";

/** A published image that a job extracted from a video. */
export interface NewThumbnail {
  readonly bucket: string;
  readonly key: string;
  /** The output bucket is versioned: bucket, key and version id identify a thumbnail permanently. */
  readonly versionId?: string;
  readonly bytes: number;
  readonly contentType?: string;
  /** The job that created it. It may still be running: the topic for closed jobs has its result. */
  readonly job: Pick<Job, "id" | "route" | "recipe" | "source">;
}

/**
 * A team's own code, which `hooks.onOutput` of the configuration names: called for every new thumbnail, e.g. to add it
 * to a catalog, to analyze its content or to notify an editor.
 *
 * It is called at least once per thumbnail, in any order and concurrently. Make it idempotent by bucket, key and
 * `versionId` (a conditional write, or an id derived from them). If it rejects or takes more than 30 seconds, it is
 * called again for the same thumbnail, five times in all; then the event moves to the dead-letter queue. Log permanent
 * errors instead of throwing them. A rejection does not affect the job.
 */
export type OnOutput = (thumbnail: NewThumbnail) => Promise<void>;

/** Used if the configuration has no hook. With a hook, synth replaces this module by the team's. */
export const onOutput: OnOutput = async () => undefined;
