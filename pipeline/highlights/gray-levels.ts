/** Columns and rows of the grid of a frame's gray levels. */
export const grayGridSize = 8;

/**
 * Largest difference of one cell, of 255 levels, in two frames of one view. Noise and compression change the mean of a
 * cell less; an object that fills a part of it changes it more.
 */
const maxLevelDifference = 6;

/**
 * Whether two frames show the same view, each cell of them. Perceptual hashes tell frames apart that differ much; frames
 * of one channel can have equal ones by chance, e.g. columns of a chart.
 *
 * @param first levels of a frame (`FrameReader.measureGrayLevels`)
 */
export const isSameView = (first: string, second: string): boolean => {
  const [levels, others] = [Buffer.from(first, "hex"), Buffer.from(second, "hex")];
  return levels.every((level, cell) => Math.abs(level - (others[cell] ?? 0)) <= maxLevelDifference);
};
