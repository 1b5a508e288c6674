import type { AudioLevel } from "../encoding/audio-filters.ts";
import { stripMetadataArguments } from "../encoding/encode.ts";
import { buildCmafArguments } from "../encoding/fragment-arguments.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import { findLevels, maxTruePeakDbtp, type TriedLevel } from "../encoding/loudness.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import type { FfmpegStep, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { isMediaFailure } from "../errors/job-error.ts";
import type { AudioRendition } from "../media/audio-renditions.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { buildAudioTrackArguments, maxAudioGainDb } from "./ladder-tracks.ts";
import { getLongestSeconds, measureFiles, measureSources } from "./loudness-step.ts";
import type { LadderOptions } from "./recipe.ts";

const defaultLoudnessLufs = -16;

/** A rendition at a level, and where it is encoded for a measurement. */
interface Trial {
  readonly rendition: AudioRendition;
  readonly level: AudioLevel;
  readonly path: string;
}

/** Builds the run that encodes renditions as the ladder will, so that the same audio is measured. */
const buildTrialStep = (
  trials: readonly Trial[],
  seconds: number | undefined,
  options: LadderOptions,
  context: PlanContext,
): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "encoding audio",
  weight: 1,
  hasSteadyOutput: true,
  ...(seconds === undefined ? {} : { seconds }),
  arguments: [
    ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
      durationSeconds: computeMaxSourceSeconds(context.limits),
      originShiftSeconds: computeOriginShift(
        context,
        trials.flatMap(({ rendition: { tracks } }) => tracks),
      ),
    }),
    "-i",
    context.source.url,
    ...trials.flatMap(({ rendition: { tracks }, level, path }, index) => [
      ...buildAudioTrackArguments(tracks, level, `audio${index}`, options, context),
      ...stripMetadataArguments,
      ...["-vn", "-threads", String(context.threads)],
      // The decoder's noise substitution depends on the packets before: another container gives other peaks.
      ...buildCmafArguments("audio", options.segmentSeconds),
      path,
    ]),
  ],
});

/** Finds the levels of renditions. The source is read once to measure it, and once for each trial of all of them. */
function* findRenditionLevels(
  renditions: readonly AudioRendition[],
  targetLufs: number,
  options: LadderOptions,
  context: PlanContext,
): Generator<Step, readonly AudioLevel[], StepResult> {
  const sources = yield* measureSources(
    renditions.map(({ tracks }) => tracks),
    context,
  );
  /** False if the encoder cannot raise the peaks over the maximum. */
  const needsTrial = ({ index, level: { gainDb } }: TriedLevel): boolean =>
    (sources[index]?.truePeakDbtp ?? 0) + gainDb > maxTruePeakDbtp - maxAudioGainDb;
  return yield* findLevels(targetLufs, sources, function* (levels) {
    const trials = levels.filter(needsTrial).flatMap(({ index, level }): readonly Trial[] => {
      const rendition = renditions[index];
      return rendition === undefined
        ? []
        : [{ rendition, level, path: `${context.scratchDirectory}/loudness-${index}.mp4` }];
    });
    if (trials.length === 0) return [];
    const seconds = getLongestSeconds(
      trials.map(({ rendition: { tracks } }) => tracks),
      context,
    );
    yield buildTrialStep(trials, seconds, options, context);
    const paths = trials.map(({ path }) => path);
    const results = yield* measureFiles(paths, seconds, context);
    return levels.map(({ level }) => results[trials.findIndex((trial) => trial.level === level)]);
  });
}

/** Finds the level of each rendition by itself, because one of them cannot be read. */
function* findLevelsApart(
  renditions: readonly AudioRendition[],
  targetLufs: number,
  options: LadderOptions,
  context: PlanContext,
): Generator<Step, readonly (AudioLevel | undefined)[], StepResult> {
  const levels: (AudioLevel | undefined)[] = [];
  for (const rendition of renditions)
    try {
      levels.push(...(yield* findRenditionLevels([rendition], targetLufs, options, context)));
    } catch (cause) {
      if (rendition.isDefault || !isMediaFailure(cause)) throw cause;
      levels.push(undefined);
      yield {
        kind: "warn",
        text: `The loudness of audio track "${rendition.name}" is not normalized, because it could not be measured: ${cause.message}`,
      };
    }
  return levels;
}

/**
 * Finds the level of each audio rendition by its source's index, for a true peak up to `maxTruePeakDbtp` after the
 * encoder; none if the option is off. A track that cannot be measured keeps its level.
 */
export function* planLadderLevels(
  renditions: readonly AudioRendition[],
  options: LadderOptions,
  context: PlanContext,
): Generator<Step, ReadonlyMap<number, AudioLevel>, StepResult> {
  const { normalizeLoudness = false, loudnessLufs = defaultLoudnessLufs } = options;
  if (!normalizeLoudness || renditions.length === 0) return new Map();
  let levels: readonly (AudioLevel | undefined)[];
  try {
    levels = yield* findRenditionLevels(renditions, loudnessLufs, options, context);
  } catch (cause) {
    if (renditions.length === 1 || !isMediaFailure(cause)) throw cause;
    levels = yield* findLevelsApart(renditions, loudnessLufs, options, context);
  }
  return new Map(
    renditions.flatMap(({ tracks: [{ index }] }, position) => {
      const level = levels[position];
      return level === undefined ? [] : [[index, level] as const];
    }),
  );
}
