import type { AttemptSpecification } from "./attempt.ts";

/** The buckets that an order reads and writes, each once. */
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
