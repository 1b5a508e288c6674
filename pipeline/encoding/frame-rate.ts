/** The API's decimal frame rates as exact fractions. */
const exactFrameRates: Readonly<Record<string, string>> = {
  "23.97": "24000/1001",
  "23.976": "24000/1001",
  "29.97": "30000/1001",
  "59.94": "60000/1001",
};

/** ffmpeg's spelling of a preset's frame rate, e.g. `30000/1001`. */
export const formatFrameRate = (rate: string): string => exactFrameRates[rate] ?? rate;

/** The frame rates that a preset can name, highest first (developer guide, "Preset settings", Frame Rate). */
const presetFrameRates = ["60", "50", "30", "29.97", "25", "24", "23.97", "15", "10"];
/** `Video Max Frame Rate` where a preset with an automatic rate does not name one. */
const defaultMaxFrameRate = "30";

const isNearInteger = (value: number, tolerance: number): boolean =>
  Math.abs(value - Math.round(value)) < tolerance;
const parseFrameRate = (rate: string): number => {
  const [frames, denominator = 1] = formatFrameRate(rate).split("/").map(Number);
  return (frames ?? 0) / denominator;
};

/**
 * The frame rate of an output, or undefined to keep the source's. An automatic rate that is over the maximum becomes
 * the highest one below it that divides the source's evenly, 25 for 50; where none does, the maximum itself.
 *
 * @param sourceRate frames per second
 */
export const resolveOutputFrameRate = (
  frameRate: string | undefined,
  maxFrameRate: string | undefined,
  sourceRate: number | undefined,
): string | undefined => {
  if (frameRate !== undefined && frameRate !== "auto") return formatFrameRate(frameRate);
  const maximum = maxFrameRate ?? defaultMaxFrameRate;
  if (sourceRate === undefined || sourceRate <= parseFrameRate(maximum) * 1.001) return undefined;
  const findDivisor = (tolerance: number) =>
    presetFrameRates.find(
      (rate) =>
        parseFrameRate(rate) <= parseFrameRate(maximum) &&
        isNearInteger(sourceRate / parseFrameRate(rate), tolerance),
    );
  // Rather than a quarter, 60 is taken for twice 29.97: the thousandth between them is a frame in half a minute.
  const evenDivisor = findDivisor(0.0005);
  const isCloseToMaximum =
    evenDivisor !== undefined && parseFrameRate(evenDivisor) > parseFrameRate(maximum) * 0.6;
  return formatFrameRate((isCloseToMaximum ? evenDivisor : (findDivisor(0.005) ?? evenDivisor)) ?? maximum);
};

/** The rate of a list that is next to a wanted one: the lowest that shows every frame, else the highest. */
export const findNearestFrameRate = (rates: readonly string[], target: string): string => {
  const byRate = [...rates].sort((a, b) => parseFrameRate(a) - parseFrameRate(b));
  return formatFrameRate(
    byRate.find((rate) => parseFrameRate(rate) >= parseFrameRate(target) * 0.999) ?? byRate.at(-1) ?? "30",
  );
};

/** Twice a rate, for fields. */
export const computeFieldRate = (rate: string): string => {
  const [frames, denominator] = rate.split("/");
  return `${Number(frames) * 2}${denominator === undefined ? "" : `/${denominator}`}`;
};
