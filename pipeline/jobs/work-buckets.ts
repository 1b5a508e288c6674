import type { WorkOrder } from "./work-order.ts";

/** The buckets that an order reads and writes, each once. */
export const bucketsOf = ({
  source,
  outputBucket,
  places,
}: Pick<WorkOrder, "source" | "outputBucket" | "places">): readonly string[] => [
  ...new Set([
    source.bucket,
    outputBucket,
    ...(places === undefined ? [] : [places.media.bucket, places.thumbnails.bucket]),
  ]),
];
