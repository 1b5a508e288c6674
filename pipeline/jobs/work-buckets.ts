import type { AttemptSpecification } from "./attempt.ts";

/** Lists the buckets that an attempt reads and writes, without duplicates. */
export const listBuckets = ({
  source,
  outputBucket,
  destinations,
}: Pick<AttemptSpecification, "source" | "outputBucket" | "destinations">): readonly string[] => [
  ...new Set([
    source.bucket,
    outputBucket,
    ...(destinations === undefined ? [] : [destinations.media.bucket, destinations.thumbnails.bucket]),
  ]),
];
