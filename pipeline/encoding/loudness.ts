import type { AudioLevel } from "./audio-filters.ts";
import { minCeilingDbtp } from "./peak-limiter.ts";
import type { Step, StepResult } from "./plan.ts";

/** Loudness of audio by ITU-R BS.1770. */
export interface Loudness {
  /** Integrated loudness, LUFS; absent for silence and for audio shorter than 0.4 s. */
  readonly integratedLufs?: number;
  /** Minus infinity for digital silence. */
  readonly truePeakDbtp: number;
}

/** Maximum true peak of normalized audio. */
export const maxTruePeakDbtp = -1.5;
/** What AAC usually adds to the peaks of normalized audio. */
const codecHeadroomDb = 1.5;
/** Distance of a corrected peak from the maximum, for each correction so far: a codec's gain varies. */
const marginDb = 0.3;
/** Maximum reduction of a peak by the limiter. Audio that is silent but for single peaks stays quieter than the target. */
const maxLimitingDb = 24;
/** What the meter reports for silence: the absolute gate (ITU-R BS.1770-5, annex 1). */
const gateLufs = -70;
/** Greatest difference from the target that needs no correction. */
const toleranceLu = 0.5;

/** The text after each heading of a meter's summary; a metadata tag of the source, logged earlier, may look the same. */
const findSummaries = (log: string, meter: string): readonly string[] => {
  const parts = log.split("Summary:");
  return parts
    .slice(1)
    .filter((_, index) => (parts[index] ?? "").split("\n").at(-1)?.includes(`@${meter} @ `) === true);
};

/** Number of summaries of a meter in ffmpeg's log: more than one if its filter graph was built again. */
export const countSummaries = (log: string, meter: string): number => findSummaries(log, meter).length;

/** Parses a meter's summary in ffmpeg's log; undefined without one. @param meter name, unique in its process */
export const parseLoudness = (log: string, meter: string): Loudness | undefined => {
  const summary = findSummaries(log, meter).at(-1) ?? "";
  const integrated = /\bI:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1];
  const peak = /\bPeak:\s+(-?[\d.]+|-inf) dBFS/.exec(summary)?.[1];
  if (peak === undefined) return undefined;
  const integratedLufs = Number(integrated);
  return {
    ...(integrated !== undefined && integratedLufs > gateLufs ? { integratedLufs } : {}),
    truePeakDbtp: peak === "-inf" ? -Infinity : Number(peak),
  };
};

/** Level for a loudness: a gain, and a limiter if the gain raises the peaks over the ceiling. */
const buildLevel = (gainDb: number, sourcePeakDbtp: number, ceilingDbtp: number): AudioLevel => {
  const usableGainDb = Math.min(gainDb, ceilingDbtp + maxLimitingDb - sourcePeakDbtp);
  return {
    gainDb: usableGainDb,
    ...(sourcePeakDbtp + usableGainDb > ceilingDbtp ? { ceilingDbtp } : {}),
  };
};

const isSameLevel = (a: AudioLevel, b: AudioLevel): boolean =>
  a.gainDb === b.gainDb && a.ceilingDbtp === b.ceilingDbtp;

/** First level for a source. Silence and noise keep their level. */
const computeLevel = (source: Loudness, targetLufs: number): AudioLevel =>
  buildLevel(
    source.integratedLufs === undefined ? 0 : targetLufs - source.integratedLufs,
    source.truePeakDbtp,
    maxTruePeakDbtp - codecHeadroomDb,
  );

/** A level and the loudness that it gives. */
interface LevelTrial {
  readonly level: AudioLevel;
  readonly result: Loudness;
  /** 1 for the first. */
  readonly number: number;
}

/**
 * Corrects a level by its result: more gain if the limiter took loudness, a lower ceiling if the codec raised the peaks
 * over `maxTruePeakDbtp`. Undefined if the result is right, or no level gives a better one.
 */
const correctLevel = (
  source: Loudness,
  { level, result, number }: LevelTrial,
  targetLufs: number,
): AudioLevel | undefined => {
  const missingLu = targetLufs - (result.integratedLufs ?? targetLufs);
  const excessDb = result.truePeakDbtp - maxTruePeakDbtp;
  if (Math.abs(missingLu) <= toleranceLu && excessDb <= 0) return undefined;
  // The more a limiter works, the less of a gain is heard.
  const effect =
    source.integratedLufs === undefined || result.integratedLufs === undefined || level.gainDb === 0
      ? 1
      : (result.integratedLufs - source.integratedLufs) / level.gainDb;
  const gainDb =
    level.gainDb + (Math.abs(missingLu) <= toleranceLu ? 0 : missingLu / Math.min(1, Math.max(0.4, effect)));
  const codecGainDb =
    result.truePeakDbtp - Math.min(level.ceilingDbtp ?? Infinity, source.truePeakDbtp + level.gainDb);
  const ceilingDbtp =
    excessDb > 0
      ? Math.max(minCeilingDbtp, maxTruePeakDbtp - codecGainDb - marginDb * number)
      : (level.ceilingDbtp ?? maxTruePeakDbtp - codecHeadroomDb);
  const nextLevel = buildLevel(gainDb, source.truePeakDbtp, ceilingDbtp);
  return isSameLevel(nextLevel, level) ? undefined : nextLevel;
};

const maxTrials = 4;

/** A level that is tried. */
export interface TriedLevel {
  /** Index of its source. */
  readonly index: number;
  readonly level: AudioLevel;
}

/**
 * Finds the levels that give sources the target loudness.
 *
 * @param sources loudness of each source, after the downmix
 * @param tryLevels measures what levels give, in their order; undefined: certainly right. The last call for a source has
 *   the level that is returned
 */
export function* findLevels(
  targetLufs: number,
  sources: readonly Loudness[],
  tryLevels: (
    levels: readonly TriedLevel[],
  ) => Generator<Step, readonly (Loudness | undefined)[], StepResult>,
): Generator<Step, readonly AudioLevel[], StepResult> {
  const levels = sources.map((source) => computeLevel(source, targetLufs));
  let pending: readonly TriedLevel[] = levels.map((level, index) => ({ index, level }));
  for (let number = 1; pending.length > 0; number += 1) {
    const results = yield* tryLevels(pending);
    if (number === maxTrials) break;
    pending = pending.flatMap(({ index, level }, position) => {
      const source = sources[index];
      const result = results[position];
      if (source === undefined || result === undefined) return [];
      const nextLevel = correctLevel(source, { level, result, number }, targetLufs);
      return nextLevel === undefined ? [] : [{ index, level: nextLevel }];
    });
    for (const { index, level } of pending) levels[index] = level;
  }
  return levels;
}
