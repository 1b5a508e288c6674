import type { WriteOptions } from "../ports/object-store.ts";

/** Where a kind of file goes, and how it is kept there. */
export interface OutputDestination extends Pick<WriteOptions, "storageClass" | "grants"> {
  readonly bucket: string;
}
export interface OutputDestinations {
  readonly media: OutputDestination;
  readonly thumbnails: OutputDestination;
}

/**
 * Where a file of an order goes.
 *
 * @param isThumbnail the file is a thumbnail beside the media
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
