import { isMediaFailure } from "../errors/job-error.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import type { Probe } from "../media/probe.ts";
import { parseFrameTimes } from "./ffmpeg-log.ts";
import { buildInputArguments, type InputSeek } from "./input-arguments.ts";
import { computeOriginShift } from "./origin-shift.ts";
import type { FfmpegStep, PlanContext, StepResult } from "./plan.ts";
import { computeDurationToleranceSeconds } from "./verify-output.ts";

/**
 * How ffmpeg reads a source from a position. In the filters, time 0 is this position. Frames from an earlier keyframe on
 * have negative times, and the last of them is visible at the position: a still screen may have no frame for minutes.
 */
export interface Seek extends InputSeek {
  /** First filters of each video chain. */
  readonly videoFilters: readonly string[];
}

/** Reads a source from its beginning. */
export const noSeek: Seek = { inputArguments: [], videoFilters: [] };

/**
 * - `keyframe`: ffmpeg finds the keyframe before any position.
 * - `timestamp`: ffmpeg finds a position by its timestamp, often between keyframes. The decoder delivers its first frame
 *   only at the next keyframe.
 * - `index`: AVI. The index may be missing, the first times after a seek are inexact, and a seek to time 0 fails if the
 *   video has B-frames.
 * - `none`: an elementary stream without timestamps.
 */
type SeekMethod = "keyframe" | "timestamp" | "index" | "none";

const seekMethods: Readonly<Record<string, SeekMethod>> = {
  mpegts: "timestamp",
  mpeg: "timestamp",
  avi: "index",
  h264: "none",
  mpegvideo: "none",
};
const getSeekMethod = ({ formats }: Probe): SeekMethod =>
  formats.map((format) => seekMethods[format]).find((method) => method !== undefined) ?? "keyframe";

/** Up to this position, reading from the beginning costs less than finding a keyframe. */
const maxSecondsFromStart = 8;
/** Seconds before the position from which decoding is tried. Longer than most keyframe intervals; then the beginning. */
const leadSeconds = [4, 30, 150];
/** The first keyframe of an AVI file is found from here, but not from time 0. */
const firstIndexSeconds = 0.2;

/** The leads to try for a position, the shortest first. */
const listLeads = (method: SeekMethod, seconds: number): readonly number[] =>
  [
    ...(seconds <= maxSecondsFromStart ? [] : leadSeconds),
    ...(method === "index" ? [seconds - firstIndexSeconds] : []),
  ].filter((lead) => lead > 0 && lead < seconds);

/** ffmpeg takes a larger step between timestamps for a discontinuity (option `dts_delta_threshold`, default 10 s). */
const maxTimestampStepSeconds = 30;

/** Delivers the frames between a keyframe and the position too. */
const seekArguments: readonly string[] = ["-noaccurate_seek"];

/**
 * Until the decoder has delivered a frame, ffmpeg takes a step between negative timestamps of MPEG-TS and MPEG-PS for a
 * discontinuity. Frame threads delay the first frame.
 */
const promptDecoderArguments: readonly string[] = ["-thread_type", "slice"];

/**
 * Reads from `lead` seconds before a position. `-itsoffset` makes the timestamps of the lead negative, for video and audio
 * alike. From the beginning, nothing is sought: ffmpeg 7 loses seconds of a clock that wraps.
 */
const buildLeadSeek = (seconds: number, lead: number, method: SeekMethod): Seek => ({
  inputArguments: [
    ...(seconds > lead ? seekArguments : []),
    ...(method === "timestamp" ? promptDecoderArguments : []),
    "-dts_delta_threshold",
    String(Math.ceil(lead + maxTimestampStepSeconds)),
    ...(seconds > lead ? ["-ss", (seconds - lead).toFixed(3)] : []),
    "-itsoffset",
    (-lead).toFixed(3),
  ],
  fromSeconds: seconds - lead,
  leadSeconds: lead,
  videoFilters: [],
});

/** Reads a source from its beginning and discards what is before a position: exact in any container with timestamps. */
export const buildSeekFromBeginning = (probe: Probe, seconds: number): Seek =>
  seconds <= 0 ? noSeek : buildLeadSeek(seconds, seconds, getSeekMethod(probe));

/** Builds the step that logs the time of the first frame that can be decoded, relative to the position. */
const buildFirstFrameStep = (context: PlanContext, seek: Seek): FfmpegStep => {
  const { probe, url } = context.source;
  const track = probe.video ?? probe.audio;
  const [filterOption, filter] = probe.video === undefined ? ["-af", "ashowinfo"] : ["-vf", "showinfo"];
  return {
    kind: "ffmpeg",
    phase: "seeking",
    weight: 0,
    hasDurationLimit: true,
    arguments: [
      "-threads",
      String(context.threads),
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        seek,
        originShiftSeconds: computeOriginShift(context, [track]),
      }),
      "-i",
      url,
      "-map",
      `0:${track?.index ?? 0}`,
      filterOption,
      filter,
      "-frames",
      "1",
      "-f",
      "null",
      "-",
    ],
  };
};

/**
 * True if neither the audio nor the video of a source reaches a position, within the tolerance of a duration. Reads the
 * source from its beginning. False without audio: the last frame of a still screen may be long before the end.
 *
 * @param seconds position from the earliest start of the source's video and audio
 */
export function* endsBefore(
  context: PlanContext,
  seconds: number,
): Generator<FfmpegStep, boolean, StepResult> {
  const { probe, url } = context.source;
  if (probe.audio === undefined || probe.video === undefined) return false;
  const earliestSeconds = Math.max(0, seconds - computeDurationToleranceSeconds(seconds));
  const seek = buildSeekFromBeginning(probe, earliestSeconds);
  const { log } = yield {
    kind: "ffmpeg",
    phase: "seeking",
    weight: 0,
    hasDurationLimit: true,
    arguments: [
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        seek,
        originShiftSeconds: computeOriginShift(context, [probe.audio, probe.video]),
      }),
      "-i",
      url,
      ...["-map", `0:${probe.audio.index}`, "-af", "atrim=start=0,ashowinfo", "-frames:a", "1"],
      ...["-map", `0:${probe.video.index}`, "-vf", "trim=start=0,showinfo", "-frames:v", "1"],
      ...["-f", "null", "-"],
    ],
  };
  return parseFrameTimes(log).length === 0;
}

/** Measures the time of the first frame that can be decoded, in seconds on ffmpeg's timeline; undefined without such a frame. */
export function* measureFirstFrame(
  context: PlanContext,
): Generator<FfmpegStep, number | undefined, StepResult> {
  const { log } = yield buildFirstFrameStep(context, noSeek);
  return parseFrameTimes(log)[0];
}

/** True if the first frame that is decoded after a seek is not after the position. */
function* isFrameBefore(context: PlanContext, seek: Seek): Generator<FfmpegStep, boolean, StepResult> {
  try {
    const { log } = yield buildFirstFrameStep(context, seek);
    const [firstFrameSeconds] = parseFrameTimes(log);
    return firstFrameSeconds !== undefined && firstFrameSeconds <= 0.001;
  } catch (cause) {
    // The seek failed. The run that creates the output reports errors of the media.
    if (isMediaFailure(cause)) return false;
    throw cause;
  }
}

/**
 * Decides how a source is read from a position, so that the frame that is visible at the position and its audio are
 * delivered. For a container without keyframe positions, reads from an earlier position, found by decoding one frame: 4 s,
 * 30 s or 150 s earlier, else from the beginning.
 *
 * @param seconds position from the earliest start of the source's video and audio
 */
export function* planSeek(context: PlanContext, seconds: number): Generator<FfmpegStep, Seek, StepResult> {
  if (seconds <= 0) return noSeek;
  if (context.source.probe.hasRestartingClock === true)
    return buildSeekFromBeginning(context.source.probe, seconds);
  const method = getSeekMethod(context.source.probe);
  switch (method) {
    case "keyframe":
      return {
        inputArguments: [...seekArguments, "-ss", seconds.toFixed(3)],
        fromSeconds: seconds,
        videoFilters: [],
      };
    case "none":
      return { inputArguments: [], videoFilters: [`setpts=PTS-${seconds.toFixed(3)}/TB`] };
    default:
      for (const lead of listLeads(method, seconds)) {
        const seek = buildLeadSeek(seconds, lead, method);
        if (yield* isFrameBefore(context, seek)) return seek;
      }
      return buildLeadSeek(seconds, seconds, method);
  }
}
