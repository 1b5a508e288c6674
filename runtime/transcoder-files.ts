import { fullKey } from "../pipeline/elastic-transcoder/jobs/ends.ts";
import type { TranscoderJob } from "../pipeline/elastic-transcoder/jobs/job.ts";
import type { ObjectStore } from "../pipeline/ports/object-store.ts";

/** Keys of all files of a transcoder job: its record names outputs and playlists, not segments and thumbnails. */
export const transcoderFiles = async (
  objects: Pick<ObjectStore, "list">,
  job: TranscoderJob,
): Promise<readonly string[]> => {
  const beginnings = [
    ...job.outputs.flatMap(({ key, thumbnailPattern }) =>
      thumbnailPattern === "" ? [key] : [key, thumbnailPattern.split("{")[0] ?? ""],
    ),
    ...job.playlists.map(({ name }) => name),
  ].map((beginning) => fullKey(job, beginning));
  const keys: string[] = [];
  for await (const { key } of objects.list(job.outputBucket, job.outputKeyPrefix ?? ""))
    if (beginnings.some((beginning) => key.startsWith(beginning))) keys.push(key);
  return keys;
};
