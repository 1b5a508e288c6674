/** The API's decimal frame rates as exact fractions. */
const exact: Readonly<Record<string, string>> = {
  "23.97": "24000/1001",
  "23.976": "24000/1001",
  "29.97": "30000/1001",
  "59.94": "60000/1001",
};

/** ffmpeg's spelling of a preset's frame rate, e.g. `30000/1001`. */
export const exactRate = (rate: string): string => exact[rate] ?? rate;

/** The frame rates that a preset can name, highest first (developer guide, "Preset settings", Frame Rate). */
const named = ["60", "50", "30", "29.97", "25", "24", "23.97", "15", "10"];
/** `Video Max Frame Rate` where a preset with an automatic rate does not name one. */
const usualMaximum = "30";

const isWhole = (value: number, tolerance: number): boolean =>
  Math.abs(value - Math.round(value)) < tolerance;
const toNumber = (rate: string): number => {
  const [frames, per = 1] = exactRate(rate).split("/").map(Number);
  return (frames ?? 0) / per;
};

/**
 * The frame rate of an output, or undefined to keep the source's. An automatic rate that is over the maximum becomes
 * the highest one below it that divides the source's evenly, 25 for 50; where none does, the maximum itself.
 *
 * @param sourceRate frames per second
 */
export const outputRate = (
  frameRate: string | undefined,
  maxFrameRate: string | undefined,
  sourceRate: number | undefined,
): string | undefined => {
  if (frameRate !== undefined && frameRate !== "auto") return exactRate(frameRate);
  const maximum = maxFrameRate ?? usualMaximum;
  if (sourceRate === undefined || sourceRate <= toNumber(maximum) * 1.001) return undefined;
  const divides = (tolerance: number) =>
    named.find(
      (rate) => toNumber(rate) <= toNumber(maximum) && isWhole(sourceRate / toNumber(rate), tolerance),
    );
  // Rather than a quarter, 60 is taken for twice 29.97: the thousandth between them is a frame in half a minute.
  const even = divides(0.0005);
  const close = even !== undefined && toNumber(even) > toNumber(maximum) * 0.6;
  return exactRate((close ? even : (divides(0.005) ?? even)) ?? maximum);
};

/** The rate of a list that is next to a wanted one: the lowest that shows every frame, else the highest. */
export const nearestRate = (rates: readonly string[], wanted: string): string => {
  const byRate = [...rates].sort((a, b) => toNumber(a) - toNumber(b));
  return exactRate(
    byRate.find((rate) => toNumber(rate) >= toNumber(wanted) * 0.999) ?? byRate.at(-1) ?? "30",
  );
};

/** Twice a rate, for fields. */
export const fieldRate = (rate: string): string => {
  const [frames, per] = rate.split("/");
  return `${Number(frames) * 2}${per === undefined ? "" : `/${per}`}`;
};
