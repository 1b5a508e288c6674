/** The API's decimal frame rates as exact fractions. */
const exact: Readonly<Record<string, string>> = {
  "23.97": "24000/1001",
  "23.976": "24000/1001",
  "29.97": "30000/1001",
  "59.94": "60000/1001",
};

/** ffmpeg's spelling of a preset's frame rate, e.g. `30000/1001`. */
export const exactRate = (rate: string): string => exact[rate] ?? rate;

/**
 * The frame rate of an output, or undefined to keep the source's.
 *
 * @param sourceRate frames per second
 */
export const outputRate = (
  frameRate: string | undefined,
  maxFrameRate: string | undefined,
  sourceRate: number | undefined,
): string | undefined => {
  if (frameRate !== undefined && frameRate !== "auto") return exactRate(frameRate);
  if (maxFrameRate === undefined || sourceRate === undefined || sourceRate <= Number(maxFrameRate))
    return undefined;
  return exactRate(maxFrameRate);
};

/** Twice a rate, for fields. */
export const fieldRate = (rate: string): string => {
  const [frames, per] = rate.split("/");
  return `${Number(frames) * 2}${per === undefined ? "" : `/${per}`}`;
};
