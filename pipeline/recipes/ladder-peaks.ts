import type { AudioLevel } from "../encoding/audio-filters.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import type { Loudness } from "../encoding/loudness.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import { encoderCeilingDbtp, worstCaseCeilingDbtp } from "../encoding/peak-ceiling.ts";
import type { FfmpegStep, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { computeRunLimits } from "../encoding/run-limits.ts";
import { isMediaFailure } from "../errors/job-error.ts";
import type { AudioRendition } from "../media/audio-renditions.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import type { EncodedTrack, LadderTrack } from "./ladder-files.ts";
import { readTracks } from "./ladder-manifests.ts";
import { buildAudioTrackArguments, buildTrackArguments } from "./ladder-tracks.ts";
import { getLongestSeconds, measureFiles } from "./loudness-step.ts";
import type { LadderOptions } from "./recipe.ts";

const maxTruePeakDbtp = 0;
/** Distance of a corrected peak from the maximum: what the encoder adds varies. */
const marginDb = 0.3;
const maxTrials = 3;

/** An audio track and the ceiling that it is encoded with. */
interface LimitedTrack {
  readonly track: EncodedTrack;
  readonly audio: AudioRendition;
  readonly ceilingDbtp: number;
}

const getSeconds = (limitedTracks: readonly LimitedTrack[], context: PlanContext): number | undefined =>
  getLongestSeconds(
    limitedTracks.map(({ audio }) => audio.tracks),
    context,
  );

/** Lowers the ceiling of a track that is too loud; undefined for another. The last ceiling is right for any source. */
const lowerCeiling = (
  limitedTrack: LimitedTrack,
  result: Loudness | undefined,
  trial: number,
): LimitedTrack | undefined => {
  const excessDb = (result?.truePeakDbtp ?? -Infinity) - maxTruePeakDbtp;
  if (excessDb <= 0) return undefined;
  const ceilingDbtp = limitedTrack.ceilingDbtp - excessDb - marginDb;
  return {
    ...limitedTrack,
    ceilingDbtp: trial === maxTrials ? worstCaseCeilingDbtp : Math.max(worstCaseCeilingDbtp, ceilingDbtp),
  };
};

/** The track as it is encoded with its ceiling, in a file of its own. */
const planTrial = (
  { track, audio, ceilingDbtp }: LimitedTrack,
  trial: number,
  options: LadderOptions,
  context: PlanContext,
): LadderTrack => ({
  ...track,
  encoderArguments: buildAudioTrackArguments(
    audio.tracks,
    { gainDb: 0, ceilingDbtp },
    `audio${audio.tracks[0].index}`,
    options,
    context,
  ),
  output: { ...track.output, path: `${context.scratchDirectory}/limited-${trial}-${track.name}` },
});

/** Builds the run that encodes audio tracks from the source, without video. */
const buildEncodingStep = (
  tracks: readonly LadderTrack[],
  seconds: number | undefined,
  options: LadderOptions,
  context: PlanContext,
): FfmpegStep => {
  const { limits, source } = context;
  const maxSourceSeconds = computeMaxSourceSeconds(limits);
  const { maxMediaSeconds } = computeRunLimits(source.probe, limits, maxSourceSeconds);
  return {
    kind: "ffmpeg",
    phase: "limiting peaks",
    weight: 1,
    hasSteadyOutput: true,
    hasDurationLimit: true,
    ...(seconds === undefined ? {} : { seconds }),
    arguments: [
      ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, {
        durationSeconds: maxSourceSeconds,
        originShiftSeconds: computeOriginShift(
          context,
          tracks.flatMap(({ audio }) => audio?.tracks ?? []),
        ),
      }),
      ...["-i", source.url],
      ...buildTrackArguments(tracks, options, maxMediaSeconds, context),
    ],
  };
};

/** Encodes tracks again until each is right. @param changedTracks receives them, by name */
function* encodeLimited(
  checkedTracks: readonly LimitedTrack[],
  changedTracks: Map<string, EncodedTrack>,
  options: LadderOptions,
  context: PlanContext,
): Generator<Step, void, StepResult> {
  let pending = checkedTracks;
  for (let trial = 1; pending.length > 0 && trial <= maxTrials; trial += 1) {
    const results = yield* measureFiles(
      pending.map(({ track }) => track.output.path),
      getSeconds(pending, context),
      context,
    );
    pending = pending.flatMap(
      (limitedTrack, index) => lowerCeiling(limitedTrack, results[index], trial) ?? [],
    );
    if (pending.length === 0) return;
    const trials = pending.map((limitedTrack) => planTrial(limitedTrack, trial, options, context));
    yield buildEncodingStep(trials, getSeconds(pending, context), options, context);
    const encodedTracks = yield* readTracks(trials);
    for (const track of encodedTracks) changedTracks.set(track.name, track);
    pending = pending.flatMap((limitedTrack) => {
      const track = encodedTracks.find(({ name }) => name === limitedTrack.track.name);
      return track === undefined ? [] : [{ ...limitedTrack, track }];
    });
  }
}

/**
 * Measures the true peak of each audio track that is not normalized, and encodes a track that exceeds full scale again
 * with a lower ceiling: only extreme sources, e.g. clipped music, do. Warns if the peaks cannot be checked or lowered.
 *
 * @param levels of normalized audio by the index of its first track
 * @returns the tracks in their order
 */
export function* limitLadderPeaks(
  tracks: readonly EncodedTrack[],
  levels: ReadonlyMap<number, AudioLevel>,
  options: LadderOptions,
  context: PlanContext,
): Generator<Step, readonly EncodedTrack[], StepResult> {
  const checkedTracks = tracks.flatMap((track): readonly LimitedTrack[] => {
    const { audio } = track;
    return audio === undefined || levels.has(audio.tracks[0].index)
      ? []
      : [{ track, audio, ceilingDbtp: encoderCeilingDbtp }];
  });
  if (checkedTracks.length === 0) return tracks;
  const changedTracks = new Map<string, EncodedTrack>();
  try {
    yield* encodeLimited(checkedTracks, changedTracks, options, context);
  } catch (cause) {
    if (!isMediaFailure(cause)) throw cause;
    yield {
      kind: "warn",
      text: `The peaks of the audio may exceed full scale, because they could not be checked: ${cause.message}`,
    };
  }
  return tracks.map((track) => changedTracks.get(track.name) ?? track);
}
