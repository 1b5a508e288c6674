import { buildAudioFilters } from "../encoding/audio-filters.ts";
import { buildOutputScaleFilters, buildVideoFilters, getOutputColor } from "../encoding/color-filters.ts";
import {
  buildAacTrackArguments,
  buildH264Arguments,
  constantRateArguments,
  stripMetadataArguments,
} from "../encoding/encode.ts";
import { buildFileInputArguments, buildInputArguments } from "../encoding/input-arguments.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import { buildColorTagArguments, buildColorTagFilters, type VideoColor } from "../encoding/output-color.ts";
import type { Expectation, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { buildSeekFromBeginning } from "../encoding/seek.ts";
import {
  buildAudioTiming,
  buildTimingFilters,
  defaultMaxFrameRate,
  getOutputFrameRate,
} from "../encoding/timing-filters.ts";
import { type AudioTrackGroup, selectMainAudio } from "../media/audio-tracks.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { formatFrameRate } from "../media/frame-rate.ts";
import { fitInto, roundSizeDownToEven, type Size } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import { buildKeyframeArguments, limitToFrames, orderFilters } from "./clip-encoding.ts";
import type { ClipRange } from "./clip-range.ts";
import { requireVideo } from "./preconditions.ts";
import type { ClipOptions } from "./recipe.ts";

/** A part of a clip, with the context of its source. */
export interface ClipPart {
  readonly context: PlanContext;
  readonly range: ClipRange;
}

/** What all parts of a clip become: the size, the rate and the color of the first one. */
interface PartFormat {
  readonly size: Size;
  /** Frames per second. */
  readonly frameRate: number;
  readonly color: VideoColor;
  readonly hasAudio: boolean;
}

const audioRate = 48_000;
/**
 * A copy without visible loss, of which the clip itself is encoded. Lossless, a clip of an hour would fill the scratch
 * volume. Without B-frames (`ultrafast`), timestamps begin at 0 in each file.
 */
const copyArguments = "-c:v libx264 -preset ultrafast -crf 8 -pix_fmt yuv420p".split(" ");
const waveArguments = ["-c:a", "pcm_s16le", "-ar", String(audioRate), "-ac", "2"];
const silence = `anullsrc=r=${audioRate}:cl=stereo[audio]`;
/** The tracks of a part's file, and of all of them. */
const joinedAudio: AudioTrackGroup = [
  { index: 1, codec: "pcm_s16le", channels: 2, sampleRate: audioRate, channelLayout: "stereo" },
];

/** Filters that give a part's frames the size and the color of the first part, with bars if its shape differs. */
const buildFitFilters = (
  video: VideoProbe,
  { size, color }: PartFormat,
  context: PlanContext,
): readonly string[] => {
  const own = roundSizeDownToEven(video);
  const convert = (to: Size) => buildVideoFilters(video, to, "video", context.capabilities, color.matrix);
  const isSame = own.width === size.width && own.height === size.height;
  if (isSame) return convert(size);
  const factor = Math.min(size.width / own.width, size.height / own.height);
  const scaled = roundSizeDownToEven(
    fitInto({ width: own.width * Math.max(1, factor), height: own.height * Math.max(1, factor) }, size),
  );
  return [
    ...convert(own),
    ...buildOutputScaleFilters(scaled, color, "video"),
    `pad=${size.width}:${size.height}:(ow-iw)/2:(oh-ih)/2`,
    "setsar=1",
  ];
};

/** Plans the file of a part: exactly its frames, and audio of exactly their length. */
function* makePart(
  options: ClipOptions,
  { context, range: { startSeconds, durationSeconds, availableSeconds } }: ClipPart,
  format: PartFormat,
  path: string,
  weight: number,
): Generator<Step, number, StepResult> {
  const { probe, url } = context.source;
  const video = requireVideo(probe, "clip");
  const audio = selectMainAudio(probe);
  const seek = buildSeekFromBeginning(probe, startSeconds);
  const timing = {
    maxFrameRate: options.maxFrameRate ?? defaultMaxFrameRate,
    frameRate: format.frameRate,
    seekSeconds: startSeconds,
  };
  const videoFilters = [
    ...seek.videoFilters,
    ...orderFilters(video, buildFitFilters(video, format, context), buildTimingFilters(video, timing)),
  ];
  const seconds = limitToFrames(availableSeconds ?? durationSeconds, format.frameRate);
  // Silence up to the end of the video: the next part begins where the longest track ends.
  const audioFilters =
    audio === undefined ? "" : `${buildAudioFilters(audio, buildAudioTiming(video, timing))},apad`;
  const mapGraph = (graph: string) => ["-filter_complex", graph, "-map", "[audio]"];
  const trackArguments = ["-map", `0:${audio?.[0].index}`, "-filter:a", audioFilters];
  const audioArguments =
    audio === undefined
      ? mapGraph(silence)
      : audio.length === 2
        ? mapGraph(`${audioFilters}[audio]`)
        : trackArguments;
  yield {
    kind: "ffmpeg",
    phase: "cutting",
    weight,
    hasDurationLimit: true,
    seconds,
    arguments: [
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        seek,
        originShiftSeconds: computeOriginShift(context, [video, ...(format.hasAudio ? (audio ?? []) : [])]),
      }),
      ...["-i", url],
      ...["-map", `0:${video.index}`, "-vf", videoFilters.join(","), ...copyArguments],
      ...(format.hasAudio ? [...audioArguments, ...waveArguments] : []),
      ...stripMetadataArguments,
      ...["-threads", String(context.threads), ...constantRateArguments],
      ...["-t", seconds.toFixed(6), "-f", "mov", path],
    ],
  };
  return seconds;
}

/**
 * Plans an MP4 of several parts of a channel, one after the other, as H.264 and AAC: exactly the frames of each part, in the
 * size and the frame rate of the first one. Each part is decoded for itself, because its timestamps and its tracks differ.
 *
 * @param parts at least one
 * @param keyframeIntervalSeconds absent: where the encoder puts them
 * @returns what the file must be
 */
export function* joinClipParts(
  options: ClipOptions,
  parts: readonly [ClipPart, ...ClipPart[]],
  path: string,
  keyframeIntervalSeconds?: number,
): Generator<Step, Expectation, StepResult> {
  const [{ context }] = parts;
  const video = requireVideo(context.source.probe, "clip");
  const format: PartFormat = {
    size: roundSizeDownToEven(video),
    frameRate: getOutputFrameRate(video, options.maxFrameRate ?? defaultMaxFrameRate),
    color: getOutputColor(video),
    hasAudio: parts.some((part) => selectMainAudio(part.context.source.probe) !== undefined),
  };
  const names: string[] = [];
  let durationSeconds = 0;
  for (const [index, part] of parts.entries()) {
    const name = `part-${index}.mov`;
    names.push(name);
    const partPath = `${context.scratchDirectory}/${name}`;
    durationSeconds += yield* makePart(options, part, format, partPath, 0.5 / parts.length);
  }
  const listPath = `${context.scratchDirectory}/parts.txt`;
  const filters = [`fps=${formatFrameRate(format.frameRate)}`, ...buildColorTagFilters(format.color)];
  yield { kind: "write", path: listPath, text: names.map((name) => `file '${name}'\n`).join("") };
  yield {
    kind: "ffmpeg",
    phase: "joining",
    weight: 0.5,
    hasDurationLimit: true,
    seconds: durationSeconds,
    arguments: [
      ...buildFileInputArguments(["concat", "mov"]),
      ...["-f", "concat", "-i", listPath, "-map", "0:0"],
      ...["-vf", filters.join(","), ...buildH264Arguments(21)],
      ...(keyframeIntervalSeconds === undefined ? [] : buildKeyframeArguments(keyframeIntervalSeconds)),
      ...buildColorTagArguments(format.color),
      ...(format.hasAudio ? buildAacTrackArguments(joinedAudio, 160) : []),
      ...stripMetadataArguments,
      ...["-threads", String(context.threads), ...constantRateArguments],
      ...["-t", limitToFrames(durationSeconds, format.frameRate).toFixed(6)],
      ...["-movflags", "+faststart+write_colr", "-f", "mp4", path],
    ],
  };
  return {
    durationSeconds,
    video: { codec: "h264", ...format.size },
    audio: format.hasAudio ? { codec: "aac" } : "none",
  };
}
