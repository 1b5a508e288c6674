/**
 * How a stored image must be transformed for display (EXIF 2.3, tag 0x0112): 1 unchanged, 2 mirrored, 3 rotated by
 * 180°, 4 flipped vertically, 5 transposed, 6 rotated clockwise, 7 transposed over the other diagonal, 8 rotated
 * counterclockwise.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const filtersByOrientation: Readonly<Record<Orientation, readonly string[]>> = {
  1: [],
  2: ["hflip"],
  3: ["hflip", "vflip"],
  4: ["vflip"],
  5: ["transpose=cclock_flip"],
  6: ["transpose=clock"],
  7: ["transpose=clock_flip"],
  8: ["transpose=cclock"],
};

/** Builds the filters that make a stored image upright. */
export const buildUprightFilters = (orientation: Orientation): readonly string[] =>
  filtersByOrientation[orientation];

/** True if the orientation swaps width and height. */
export const isTransposed = (orientation: Orientation): boolean => orientation >= 5;

/** Any other value counts as 1, as in every viewer. */
export const parseOrientation = (value: number | undefined): Orientation => {
  switch (value) {
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return value;
    default:
      return 1;
  }
};
