/** The API's decimal frame rates as exact fractions. */
const exactFrameRates: Readonly<Record<string, string>> = {
  "23.97": "24000/1001",
  "23.976": "24000/1001",
  "29.97": "30000/1001",
  "59.94": "60000/1001",
};

/** Converts a preset's frame rate to an exact one for ffmpeg, e.g. `29.97` to `30000/1001`. */
export const toExactFrameRate = (rate: string): string => exactFrameRates[rate] ?? rate;

/** Valid frame rates of a preset, highest first (developer guide, "Preset settings", Frame Rate). */
const presetFrameRates = ["60", "50", "30", "29.97", "25", "24", "23.97", "15", "10"];
/** Default of `Video Max Frame Rate` for a preset with an automatic rate. */
const defaultPresetMaxFrameRate = "30";

const isNearInteger = (value: number, tolerance: number): boolean =>
  Math.abs(value - Math.round(value)) < tolerance;
/** Parses a preset's frame rate or a fraction such as `30000/1001`. */
export const parseFrameRate = (rate: string): number => {
  const [frames, denominator = 1] = toExactFrameRate(rate).split("/").map(Number);
  return (frames ?? 0) / denominator;
};

/**
 * Frame rate of an output; undefined to keep the source's. An automatic rate above the maximum becomes the highest rate
 * below it that divides the source's rate evenly, such as 25 for 50; without such a rate, the maximum.
 *
 * @param sourceRate frames per second
 */
export const resolveOutputFrameRate = (
  frameRate: string | undefined,
  maxFrameRate: string | undefined,
  sourceRate: number | undefined,
): string | undefined => {
  if (frameRate !== undefined && frameRate !== "auto") return toExactFrameRate(frameRate);
  const maximum = maxFrameRate ?? defaultPresetMaxFrameRate;
  if (sourceRate === undefined || sourceRate <= parseFrameRate(maximum) * 1.001) return undefined;
  const findDivisor = (tolerance: number) =>
    presetFrameRates.find(
      (rate) =>
        parseFrameRate(rate) <= parseFrameRate(maximum) &&
        isNearInteger(sourceRate / parseFrameRate(rate), tolerance),
    );
  // 60 counts as twice 29.97 rather than four times 15: the difference is one frame in half a minute.
  const evenDivisor = findDivisor(0.0005);
  const isCloseToMaximum =
    evenDivisor !== undefined && parseFrameRate(evenDivisor) > parseFrameRate(maximum) * 0.6;
  return toExactFrameRate((isCloseToMaximum ? evenDivisor : (findDivisor(0.005) ?? evenDivisor)) ?? maximum);
};

/** The lowest rate of a list that shows every frame of a target rate, else the highest. */
export const findNearestFrameRate = (rates: readonly string[], target: string): string => {
  const byRate = [...rates].sort((a, b) => parseFrameRate(a) - parseFrameRate(b));
  return toExactFrameRate(
    byRate.find((rate) => parseFrameRate(rate) >= parseFrameRate(target) * 0.999) ?? byRate.at(-1) ?? "30",
  );
};

/** Doubles a frame rate: fields per second of interlaced video. */
export const computeFieldRate = (rate: string): string => {
  const [frames, denominator] = rate.split("/");
  return `${Number(frames) * 2}${denominator === undefined ? "" : `/${denominator}`}`;
};
