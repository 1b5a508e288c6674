import type { Job } from "../../pipeline/jobs/job.ts";

/** A picture that a job took from a video, whole and in its place. */
export interface NewThumbnail {
  readonly bucket: string;
  readonly key: string;
  /** The output bucket is versioned: bucket, key and this name one thumbnail for ever. */
  readonly versionId?: string;
  readonly bytes: number;
  readonly contentType?: string;
  /** The job that made it. It may still be at work: a job's end is told by the topic of finished jobs. */
  readonly job: Pick<Job, "id" | "route" | "recipe" | "source">;
}

/**
 * The place for a team's own code: called for every new thumbnail, e.g. to write its address into a catalogue, to
 * have its content looked at, or to tell an editor.
 *
 * It is called at least once for each, in any order, several at once: make what it does idempotent, by bucket, key
 * and `versionId` (a conditional write, or an id derived from them). A rejection brings the event back to the queue
 * and, after its last delivery, into the dead-letter queue; what will never succeed should be logged instead. Give
 * the function's role the permissions this code needs in the routing stack.
 */
export const onOutput = async (_thumbnail: NewThumbnail): Promise<void> => undefined;
