/** Bits per second. */
export interface Bandwidth {
  readonly peak: number;
  readonly average: number;
}

/** Peak and average bits per second of segments or fragments. */
export const computeBandwidth = (
  segments: readonly { readonly seconds: number; readonly bytes: number }[],
): Bandwidth => {
  const bits = segments.reduce((sum, { bytes }) => sum + bytes * 8, 0);
  const seconds = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  const average = Math.ceil(bits / Math.max(seconds, 0.04));
  // A last segment of a few frames is not representative.
  const rates = segments
    .filter((segment) => segment.seconds >= 0.5)
    .map((segment) => (segment.bytes * 8) / segment.seconds);
  return { peak: Math.max(average, ...rates.map(Math.ceil)), average };
};
