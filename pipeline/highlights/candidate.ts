/** Scene changes that are selected in each second of the stream's clock. More are flashes. */
const maxCutsPerSecond = 4;

/**
 * Builds the expression of ffmpeg's filter `select` that selects the frames for the detector: each frame whose scene
 * score is above the threshold, up to four in a second, and the first frame of each cell of `maxGapSeconds` on the
 * stream's clock. All depend on the stream alone: a program that starts more than a second earlier or later selects the
 * same frames, except the first one that it reads. Quote the expression in a filter graph, because it contains commas.
 *
 * @param sceneThreshold scene score, 0–1
 */
export const buildCandidateSelect = (sceneThreshold: number, maxGapSeconds: number): string =>
  [
    // Variable 0 is the second of the last cut, variable 1 the number of its cuts.
    `if(gt(scene,${sceneThreshold}),if(eq(ld(0),floor(t)),if(lt(ld(1),${maxCutsPerSecond}),gte(st(1,ld(1)+1),0)),1+0*st(0,floor(t))*st(1,1)))`,
    // The first frame has no previous time.
    "isnan(prev_t)",
    `not(eq(floor(t/${maxGapSeconds}),floor(prev_t/${maxGapSeconds})))`,
  ].join("+");

/**
 * Largest distance of near-duplicates. Measured on photographs: noise, re-encoding and brightness change at most 2 of
 * the 64 bits (99 % of cases), different images at least 18. It is not between the two, because an object that enters a
 * scene changes few bits: at 2, one of a ninth of the frame is overlooked in 2 % of cases; at 4, in 26 %.
 */
export const maxDuplicateDistance = 2;

/** Number of different bits of two perceptual hashes of 64 bits, each 16 hexadecimal digits. */
export const computeHashDistance = (first: string, second: string): number => {
  let bits = BigInt(`0x${first}`) ^ BigInt(`0x${second}`);
  let distance = 0;
  for (; bits !== 0n; bits &= bits - 1n) distance += 1;
  return distance;
};

/** Whether two perceptual hashes are of frames that a detector need not tell apart. */
export const isNearDuplicate = (first: string, second: string): boolean =>
  computeHashDistance(first, second) <= maxDuplicateDistance;
