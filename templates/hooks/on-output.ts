import type { NewThumbnail } from "reelway/handlers";

/**
 * Your own code for every new thumbnail, e.g. to add it to a catalog, to analyze its content or to notify an editor.
 * To use it, uncomment `hooks` in reelway.config.ts.
 *
 * It is called at least once per thumbnail, in any order and concurrently. Make it idempotent by bucket, key and
 * `versionId`: use a conditional write, or an id derived from them. If it rejects, the event is delivered again and finally
 * moved to the dead-letter queue, so log permanent errors instead of throwing them.
 */
export const onOutput = async (thumbnail: NewThumbnail): Promise<void> => {
  console.log(`New thumbnail of ${thumbnail.job.source.key}: s3://${thumbnail.bucket}/${thumbnail.key}`);
};
