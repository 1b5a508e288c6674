import { isSameLabel } from "./label-name.ts";
import { matchPairs, type Pair } from "./match-pairs.ts";
import type { LabelPeriod } from "./truth-schema.ts";

/** A found appearance. */
export interface EvaluatedAppearance extends LabelPeriod {
  /** Index of the true appearance; null if it matches none. */
  readonly matches: number | null;
}
/** How well appearances were found in a recording, and what it costs. */
export interface Evaluation {
  /** In the order of the input. */
  readonly appearances: readonly EvaluatedAppearance[];
  /** Share of the found appearances that match, 0–1; 1 if none was found, because none is wrong. */
  readonly precision: number;
  /** Share of the true appearances that match, 0–1; 1 if there are no true ones, because none is missed. */
  readonly recall: number;
  /** Distances of the edges of matched appearances from the true ones, in frames; null without a match. */
  readonly edgeErrorFrames: { readonly median: number | null; readonly max: number | null };
  readonly detections: number;
  readonly detectionsPerHour: number;
  readonly usdPerHour: number;
}
/** A recording and what was spent on it. */
export interface EvaluatedRun {
  readonly durationSeconds: number;
  /** Frames per second. */
  readonly frameRate: number;
  readonly detections: number;
  readonly usd: number;
}

const secondsPerHour = 3600;
/** Least intersection over union of an appearance and a true one that match. */
const minOverlap = 0.5;

/** Intersection over union. */
const computeOverlap = (one: LabelPeriod, other: LabelPeriod): number => {
  const intersection = Math.min(one.end, other.end) - Math.max(one.start, other.start);
  const union = Math.max(one.end, other.end) - Math.min(one.start, other.start);
  return intersection <= 0 ? 0 : intersection / union;
};

const listPairs = (found: readonly LabelPeriod[], truth: readonly LabelPeriod[]): readonly Pair[] =>
  found
    .flatMap((period, first) =>
      truth.flatMap((truePeriod, second) => {
        if (!isSameLabel(period.label, truePeriod.label)) return [];
        const weight = computeOverlap(period, truePeriod);
        return weight >= minOverlap ? [{ first, second, weight, period, truePeriod }] : [];
      }),
    )
    // Of equally good selections, the same one in any order of the input.
    .sort(
      (a, b) =>
        a.period.start - b.period.start ||
        a.period.end - b.period.end ||
        a.truePeriod.start - b.truePeriod.start ||
        a.truePeriod.end - b.truePeriod.end,
    );

/** Removes rounding errors of times, which are far smaller. */
const roundFrames = (frames: number): number => Math.round(frames * 1000) / 1000;

const summarizeErrors = (errors: readonly number[]): Evaluation["edgeErrorFrames"] => {
  const sorted = errors.toSorted((a, b) => a - b);
  const max = sorted.at(-1) ?? null;
  const low = sorted[Math.ceil(sorted.length / 2) - 1] ?? null;
  const high = sorted[Math.floor(sorted.length / 2)] ?? null;
  return { median: low === null || high === null ? null : roundFrames((low + high) / 2), max };
};

/**
 * Compares found appearances with the true ones. They match one to one, if they have the same label and an intersection
 * over union of at least 0.5: as many as possible, and of such selections the one with the largest overlaps.
 */
export const evaluateAppearances = (
  found: readonly LabelPeriod[],
  truth: readonly LabelPeriod[],
  { durationSeconds, frameRate, detections, usd }: EvaluatedRun,
): Evaluation => {
  const pairs = matchPairs(listPairs(found, truth));
  const matches = new Map(pairs.map(({ first, second }) => [first, second]));
  const errors = pairs.flatMap(({ first, second }) => {
    const [period, truePeriod] = [found[first], truth[second]];
    return period === undefined || truePeriod === undefined
      ? []
      : [period.start - truePeriod.start, period.end - truePeriod.end];
  });
  const perHour = (amount: number): number =>
    durationSeconds > 0 ? (amount * secondsPerHour) / durationSeconds : 0;
  return {
    appearances: found.map(({ label, start, end }, index) => ({
      label,
      start,
      end,
      matches: matches.get(index) ?? null,
    })),
    precision: found.length === 0 ? 1 : pairs.length / found.length,
    recall: truth.length === 0 ? 1 : pairs.length / truth.length,
    edgeErrorFrames: summarizeErrors(errors.map((seconds) => roundFrames(Math.abs(seconds) * frameRate))),
    detections,
    detectionsPerHour: perHour(detections),
    usdPerHour: perHour(usd),
  };
};
