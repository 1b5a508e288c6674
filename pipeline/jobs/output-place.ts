import type { WriteOptions } from "../ports/object-store.ts";

/** Where a kind of file goes, and how it is kept there. */
export interface OutputPlace extends Pick<WriteOptions, "storageClass" | "grants"> {
  readonly bucket: string;
}
export interface OutputPlaces {
  readonly media: OutputPlace;
  readonly thumbnails: OutputPlace;
}

/**
 * Where a file of an order goes.
 *
 * @param beside the file is a thumbnail beside the media
 */
export const placeOf = (
  { places, outputBucket }: { readonly places?: OutputPlaces; readonly outputBucket: string },
  beside = false,
): OutputPlace => {
  if (places === undefined) return { bucket: outputBucket };
  return beside ? places.thumbnails : places.media;
};
