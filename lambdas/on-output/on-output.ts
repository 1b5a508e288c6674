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
 * Hook for a team's own code: called for every new thumbnail, e.g. to add it to a catalog, to analyze its content or to
 * notify an editor.
 *
 * It is called at least once per thumbnail, in any order and concurrently. Make it idempotent by bucket, key and
 * `versionId` (a conditional write, or an id derived from them). If it rejects, the event is delivered again and
 * finally moved to the dead-letter queue; log permanent errors instead. Grant the function's role the permissions that
 * the code needs in the routing stack.
 */
export const onOutput = async (_thumbnail: NewThumbnail): Promise<void> => undefined;
