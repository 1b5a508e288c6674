import type { TranscoderJob } from "../pipeline/elastic-transcoder/jobs/job.ts";
import { buildFullKey } from "../pipeline/elastic-transcoder/jobs/job-outcome.ts";
import type { ObjectStore } from "../pipeline/ports/object-store.ts";

/** Lists the keys of all files of a transcoder job, including segments and thumbnails that its record does not name. */
export const listTranscoderFiles = async (
  objects: Pick<ObjectStore, "list">,
  job: TranscoderJob,
): Promise<readonly string[]> => {
  const prefixes = [
    ...job.outputs.flatMap(({ key, thumbnailPattern }) =>
      thumbnailPattern === "" ? [key] : [key, thumbnailPattern.split("{")[0] ?? ""],
    ),
    ...job.playlists.map(({ name }) => name),
  ].map((prefix) => buildFullKey(job, prefix));
  const keys: string[] = [];
  for await (const { key } of objects.list(job.outputBucket, job.outputKeyPrefix ?? ""))
    if (prefixes.some((prefix) => key.startsWith(prefix))) keys.push(key);
  return keys;
};
