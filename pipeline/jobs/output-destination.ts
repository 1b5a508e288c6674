import type { WriteOptions } from "../ports/object-store.ts";

/** Bucket, storage class and grants for a kind of output. */
export interface OutputDestination extends Pick<WriteOptions, "storageClass" | "grants"> {
  readonly bucket: string;
}
export interface OutputDestinations {
  readonly media: OutputDestination;
  readonly thumbnails: OutputDestination;
}

/**
 * Returns the destination of an attempt's file.
 *
 * @param isThumbnail true if the file is a thumbnail
 */
export const getDestination = (
  {
    destinations,
    outputBucket,
  }: { readonly destinations?: OutputDestinations; readonly outputBucket: string },
  isThumbnail = false,
): OutputDestination => {
  if (destinations === undefined) return { bucket: outputBucket };
  return isThumbnail ? destinations.thumbnails : destinations.media;
};
