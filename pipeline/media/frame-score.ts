/** A gray frame, 8 bits per pixel. */
export interface GrayFrame {
  /** Seconds from the start of the file. */
  readonly seconds: number;
  /** Row by row. */
  readonly pixels: Uint8Array;
}
/** What makes a frame a good still image. */
export interface FrameScore {
  /** Mean, 0–255. */
  readonly brightness: number;
  /** Standard deviation, 0–128. */
  readonly contrast: number;
  /** Variance of the Laplacian: low for a blurred frame and for one without detail. */
  readonly sharpness: number;
}

const computeMoments = (values: Float64Array | Uint8Array): { mean: number; variance: number } => {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const count = Math.max(1, values.length);
  const mean = sum / count;
  return { mean, variance: Math.max(0, squares / count - mean * mean) };
};

/** The Laplacian of the inner pixels: four times a pixel less its four neighbors. */
const computeLaplacian = (pixels: Uint8Array, width: number): Float64Array => {
  const height = Math.floor(pixels.length / width);
  const values = new Float64Array(Math.max(0, width - 2) * Math.max(0, height - 2));
  let index = 0;
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const pixel = (offset: number): number => pixels[at + offset] ?? 0;
      values[index] = 4 * pixel(0) - pixel(-1) - pixel(1) - pixel(-width) - pixel(width);
      index += 1;
    }
  return values;
};

/** Scores a frame. @param width pixels of a row */
export const scoreFrame = (pixels: Uint8Array, width: number): FrameScore => {
  const { mean, variance } = computeMoments(pixels);
  return {
    brightness: mean,
    contrast: Math.sqrt(variance),
    sharpness: computeMoments(computeLaplacian(pixels, width)).variance,
  };
};

/** Bounds of a good frame. Black is 16 or less, white 235 or more. */
const minBrightness = 32;
const maxBrightness = 224;
const minContrast = 12;
/** Relative to the median of the frames that are neither dark, bright nor flat: a video may be soft throughout. */
const minRelativeSharpness = 0.4;

const isVisible = ({ brightness, contrast }: FrameScore): boolean =>
  brightness >= minBrightness && brightness <= maxBrightness && contrast >= minContrast;

const computeMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Order of frames of which none is good: the one with the most contrast that is neither dark nor bright. */
const rankPoorFrame = ({ brightness, contrast }: FrameScore): number =>
  contrast * Math.min(brightness, 255 - brightness);

/**
 * Selects the frame for a poster: of those that are neither dark, bright, flat nor blurred, the closest to a position.
 * If none is good, the best of them.
 *
 * @param width pixels of a row
 * @returns its time in seconds; undefined without frames
 */
export const selectPosterSeconds = (
  frames: readonly GrayFrame[],
  width: number,
  preferredSeconds: number,
): number | undefined => {
  const scoredFrames = frames.map(({ seconds, pixels }) => ({ seconds, score: scoreFrame(pixels, width) }));
  const visibleFrames = scoredFrames.filter(({ score }) => isVisible(score));
  const minSharpness =
    minRelativeSharpness * computeMedian(visibleFrames.map(({ score }) => score.sharpness));
  const goodFrames = visibleFrames.filter(({ score }) => score.sharpness >= minSharpness);
  const distance = (seconds: number): number => Math.abs(seconds - preferredSeconds);
  const [best] =
    goodFrames.length > 0
      ? goodFrames.sort((a, b) => distance(a.seconds) - distance(b.seconds))
      : scoredFrames.sort((a, b) => rankPoorFrame(b.score) - rankPoorFrame(a.score));
  return best?.seconds;
};
