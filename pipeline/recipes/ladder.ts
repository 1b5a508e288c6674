import { describeCaptionTrack, listCaptionWarnings } from "../captions/caption-tracks.ts";
import { buildCaptionArguments } from "../captions/extract-captions.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import { computeOriginShift, type StartingTrack } from "../encoding/origin-shift.ts";
import type { FfmpegStep, Plan, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { computeRunLimits } from "../encoding/run-limits.ts";
import { isMediaFailure, type JobFailure, StallFailure } from "../errors/job-error.ts";
import { listAudioRenditions, maxAudioRenditions } from "../media/audio-renditions.ts";
import { listAudioTrackGroups } from "../media/audio-tracks.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getMediaSeconds } from "../media/duration.ts";
import { finishLadderCaptions, listCaptionOutputs, planCaptions } from "./ladder-captions.ts";
import type { LadderTrack, PlannedCaptions } from "./ladder-files.ts";
import { planLadderImages } from "./ladder-images.ts";
import { planLadderLevels } from "./ladder-loudness.ts";
import { readTracks, writeLadderManifests } from "./ladder-manifests.ts";
import { limitLadderPeaks } from "./ladder-peaks.ts";
import { buildTrackArguments, planTracks } from "./ladder-tracks.ts";
import type { LadderOptions } from "./recipe.ts";
import { buildRenditionFilters } from "./rendition-arguments.ts";
import { type Rendition, selectRenditions } from "./renditions.ts";

/** What one process writes. */
interface LadderFiles {
  readonly tracks: readonly LadderTrack[];
  readonly captions: readonly PlannedCaptions[];
}

const buildEncodingStep = (
  { tracks, captions }: LadderFiles,
  { phase, weight }: Pick<FfmpegStep, "phase" | "weight">,
  renditions: readonly Rendition[],
  options: LadderOptions,
  context: PlanContext,
): FfmpegStep => {
  const { limits } = context;
  const { probe, url } = context.source;
  const maxSourceSeconds = computeMaxSourceSeconds(limits);
  const { maxMediaSeconds } = computeRunLimits(probe, limits, maxSourceSeconds);
  return {
    kind: "ffmpeg",
    phase,
    weight,
    seconds: getMediaSeconds(probe),
    hasDurationLimit: true,
    arguments: [
      ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, {
        durationSeconds: maxSourceSeconds,
        originShiftSeconds: computeOriginShift(
          context,
          tracks.flatMap(
            ({ audio }): readonly StartingTrack[] =>
              audio?.tracks ?? (probe.video === undefined ? [] : [probe.video]),
          ),
        ),
      }),
      "-i",
      url,
      ...(probe.video === undefined || !tracks.some(({ type }) => type === "video")
        ? []
        : [
            "-filter_complex",
            buildRenditionFilters(probe.video, renditions, context.capabilities, options.maxFrameRate),
          ]),
      ...buildTrackArguments(tracks, options, maxMediaSeconds, context),
      ...captions.flatMap(({ track, path }) => buildCaptionArguments(track, path, maxMediaSeconds)),
    ],
  };
};

/**
 * True if ffmpeg failed on the media, not because of a limit or its build. It needs minutes for a subtitle cue of a
 * megabyte, in which it reads and writes nothing.
 */
const isUnreadableTrack = (cause: unknown): cause is JobFailure =>
  cause instanceof StallFailure || (isMediaFailure(cause) && (cause.code === 4002 || cause.code === 4007));

/** A track that the ladder can do without. */
interface OptionalTrack {
  readonly name: string;
  readonly files: LadderFiles;
}
const listOptionalTracks = ({ tracks, captions }: LadderFiles): readonly OptionalTrack[] => [
  ...tracks.flatMap((track): readonly OptionalTrack[] =>
    track.isOptional
      ? [
          {
            name: `Audio track ${track.audio?.tracks[0].index} (${track.audio?.name})`,
            files: { tracks: [track], captions: [] },
          },
        ]
      : [],
  ),
  ...captions.map((planned) => ({
    name: describeCaptionTrack(planned.track),
    files: { tracks: [], captions: [planned] },
  })),
];
const joinFiles = (files: readonly LadderFiles[]): LadderFiles => ({
  tracks: files.flatMap(({ tracks }) => tracks),
  captions: files.flatMap(({ captions }) => captions),
});

/** Builds the step that writes files. */
type BuildStep = (files: LadderFiles, step: Pick<FfmpegStep, "phase" | "weight">) => FfmpegStep;

/** Finds the tracks that can be read, by halves, and warns of the others. Each try reads the source, without its video. */
function* findReadableTracks(
  optionalTracks: readonly OptionalTrack[],
  buildStep: BuildStep,
): Generator<Step, readonly OptionalTrack[], StepResult> {
  if (optionalTracks.length === 0) return [];
  try {
    yield buildStep(joinFiles(optionalTracks.map(({ files }) => files)), {
      phase: "checking tracks",
      weight: 0,
    });
    return optionalTracks;
  } catch (cause) {
    if (!isUnreadableTrack(cause)) throw cause;
    const [first, second] = optionalTracks;
    if (first !== undefined && second === undefined) {
      yield { kind: "warn", text: `${first.name} is not included: it could not be read. ${cause.message}` };
      return [];
    }
    const middle = Math.ceil(optionalTracks.length / 2);
    return [
      ...(yield* findReadableTracks(optionalTracks.slice(0, middle), buildStep)),
      ...(yield* findReadableTracks(optionalTracks.slice(middle), buildStep)),
    ];
  }
}

/** Encodes all files. If that fails, the tracks that the ladder can do without are tried; those that fail are omitted. */
function* encodeFiles(files: LadderFiles, buildStep: BuildStep): Generator<Step, LadderFiles, StepResult> {
  const encoding = { phase: "encoding renditions", weight: 10 };
  const optionalTracks = listOptionalTracks(files);
  try {
    yield buildStep(files, encoding);
    return files;
  } catch (cause) {
    if (optionalTracks.length === 0 || !isUnreadableTrack(cause)) throw cause;
  }
  const requiredFiles = { tracks: files.tracks.filter(({ isOptional }) => !isOptional), captions: [] };
  const readableTracks = yield* findReadableTracks(optionalTracks, buildStep);
  const readableFiles = joinFiles([requiredFiles, ...readableTracks.map((track) => track.files)]);
  yield buildStep(readableFiles, encoding);
  return readableFiles;
}

function* warnOfOmittedTracks({ source: { probe } }: PlanContext): Generator<Step, void, StepResult> {
  const audioCount = listAudioTrackGroups(probe).length;
  if (audioCount > maxAudioRenditions)
    yield {
      kind: "warn",
      text: `The source has ${audioCount} audio tracks; the ladder has ${maxAudioRenditions} of them.`,
    };
  for (const text of listCaptionWarnings(probe)) yield { kind: "warn", text };
}

/**
 * Plans a CMAF ladder: renditions and audio, one file per track; subtitles as WebVTT; HLS and DASH manifests for the same
 * files; poster, sprite and its cues.
 */
export function* planLadder(options: LadderOptions, context: PlanContext): Plan {
  const { probe } = context.source;
  const { video } = probe;
  const renditions = video === undefined ? [] : selectRenditions(video, options.heights);
  yield* warnOfOmittedTracks(context);
  const audioRenditions = listAudioRenditions(probe);
  const levels = yield* planLadderLevels(audioRenditions, options, context);
  const files = yield* encodeFiles(
    {
      tracks: planTracks(renditions, audioRenditions, levels, options, context),
      captions: planCaptions(context),
    },
    (plannedFiles, step) => buildEncodingStep(plannedFiles, step, renditions, options, context),
  );
  const captions = yield* finishLadderCaptions(files.captions);
  const tracks = yield* limitLadderPeaks(yield* readTracks(files.tracks), levels, options, context);
  const manifests = yield* writeLadderManifests(tracks, captions, context);
  const [largest] = tracks;
  const smallest = tracks[renditions.length - 1];
  const smallestSize = renditions.at(-1);
  const images =
    video === undefined || largest === undefined || smallest === undefined || smallestSize === undefined
      ? []
      : yield* planLadderImages(options, context, video, {
          largestPath: largest.output.path,
          smallestPath: smallest.output.path,
          smallestSize,
        });
  return [
    ...tracks.map(({ output }) => output),
    ...listCaptionOutputs(captions, context),
    ...images,
    ...manifests,
  ];
}
