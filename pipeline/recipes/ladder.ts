import { listCaptionWarnings } from "../captions/caption-tracks.ts";
import { buildCaptionArguments } from "../captions/extract-captions.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import type { FfmpegStep, Plan, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { computeRunLimits } from "../encoding/run-limits.ts";
import { isMediaFailure, type JobFailure } from "../errors/job-error.ts";
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
    phase: "encoding renditions",
    weight: 10,
    seconds: getMediaSeconds(probe),
    hasDurationLimit: true,
    arguments: [
      ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, { durationSeconds: maxSourceSeconds }),
      "-i",
      url,
      ...(probe.video === undefined
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

/** True if ffmpeg failed on the media, not because of a limit or its build. */
const isUnreadableTrack = (cause: unknown): cause is JobFailure =>
  isMediaFailure(cause) && (cause.code === 4002 || cause.code === 4007);

/** Encodes all files; if that fails, only video and the main audio, with a warning. */
function* encodeFiles(
  files: LadderFiles,
  renditions: readonly Rendition[],
  options: LadderOptions,
  context: PlanContext,
): Generator<Step, LadderFiles, StepResult> {
  const requiredFiles = { tracks: files.tracks.filter(({ isOptional }) => !isOptional), captions: [] };
  const hasOptionalFiles = files.captions.length > 0 || requiredFiles.tracks.length < files.tracks.length;
  try {
    yield buildEncodingStep(files, renditions, options, context);
    return files;
  } catch (cause) {
    if (!hasOptionalFiles || !isUnreadableTrack(cause)) throw cause;
    yield buildEncodingStep(requiredFiles, renditions, options, context);
    yield {
      kind: "warn",
      text: `Subtitles and all audio but the main track are not included, because they could not be read: ${cause.message}`,
    };
    return requiredFiles;
  }
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
    renditions,
    options,
    context,
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
