import type { AudioLevel } from "./audio-filters.ts";
import type { FfmpegStep, Step, StepResult } from "./plan.ts";

/** Loudness of audio by ITU-R BS.1770. */
export interface Loudness {
  /** Integrated loudness, LUFS; absent for silence and for audio shorter than 0.4 s. */
  readonly integratedLufs?: number;
  /** Minus infinity for digital silence. */
  readonly truePeakDbtp: number;
}

/** Maximum true peak of normalized audio. */
const maxTruePeakDbtp = -1.5;
/** What AAC usually adds to the peaks of normalized audio. */
const codecHeadroomDb = 1.5;
/** Distance of a corrected peak from the maximum. */
const marginDb = 0.3;
/** What the meter reports for silence: the absolute gate (ITU-R BS.1770-5, annex 1). */
const gateLufs = -70;
/** Greatest difference from the target that needs no correction. */
const toleranceLu = 0.5;

/** Parses the last summary in ffmpeg's log; undefined without one. */
export const parseLoudness = (log: string): Loudness | undefined => {
  // The last one, because a metadata tag of the source, logged earlier, may look the same.
  const summary = log.slice(Math.max(0, log.lastIndexOf("Summary:")));
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
const buildLevel = (gainDb: number, sourcePeakDbtp: number, ceilingDbtp: number): AudioLevel => ({
  gainDb,
  ...(sourcePeakDbtp + gainDb > ceilingDbtp ? { ceilingDbtp } : {}),
});

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
}

/**
 * Corrects a level by its result: more gain if the limiter took loudness, a lower ceiling if the codec raised the peaks
 * over `maxTruePeakDbtp`. Undefined if the result is right.
 */
const correctLevel = (
  source: Loudness,
  { level, result }: LevelTrial,
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
      ? maxTruePeakDbtp - codecGainDb - marginDb
      : (level.ceilingDbtp ?? maxTruePeakDbtp - codecHeadroomDb);
  return buildLevel(gainDb, source.truePeakDbtp, ceilingDbtp);
};

const maxTrials = 3;

/**
 * Finds the level that gives a source the target loudness.
 *
 * @param measure run that measures the source's loudness, after the downmix
 * @param applyLevel measures the result of a level; the last call has the level that is returned
 */
export function* findLevel(
  targetLufs: number,
  measure: FfmpegStep,
  applyLevel: (level: AudioLevel, source: Loudness) => Generator<Step, Loudness | undefined, StepResult>,
): Generator<Step, AudioLevel, StepResult> {
  const { log } = yield measure;
  const source = parseLoudness(log) ?? { truePeakDbtp: -Infinity };
  let level = computeLevel(source, targetLufs);
  for (let trial = 1; ; trial += 1) {
    const result = yield* applyLevel(level, source);
    const nextLevel = result === undefined ? undefined : correctLevel(source, { level, result }, targetLufs);
    if (nextLevel === undefined || trial === maxTrials) return level;
    level = nextLevel;
  }
}
