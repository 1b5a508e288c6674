/**
 * How a stored picture is to be turned before it is looked at (EXIF 2.3, tag 0x0112): 1 as it is, 2 mirrored,
 * 3 turned by 180°, 4 upside down, 5 over its diagonal, 6 turned clockwise, 7 over the other diagonal,
 * 8 turned counter-clockwise.
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

/** The filters that make a stored picture upright. */
export const buildUprightFilters = (orientation: Orientation): readonly string[] =>
  filtersByOrientation[orientation];

/**
 * The filters that take a stored image, upright and with its transparency, to be laid over a video. It is its first
 * frame alone: the overlay would last as long as an animation does, hours for a GIF of two frames.
 */
export const buildOverlayFilters = (orientation: Orientation): readonly string[] => [
  "trim=end_frame=1",
  "format=rgba",
  ...buildUprightFilters(orientation),
];

/** Width and height change places. */
export const isTransposed = (orientation: Orientation): boolean => orientation >= 5;

/** Anything that is no orientation counts as 1, as in every viewer. */
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
