import { stripMetadataArguments } from "../encoding/encode.ts";
import { buildFileInputArguments, buildInputArguments } from "../encoding/input-arguments.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import type { Expectation, FfmpegStep, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { JobFailure } from "../errors/job-error.ts";
import { selectMainAudio } from "../media/audio-tracks.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import type { VideoProbe } from "../media/probe.ts";
import type { ClipRange } from "./clip-range.ts";
import { requireVideo } from "./preconditions.ts";

/** Sample entries of the codecs that are copied into MP4. Players of Apple require hvc1 for HEVC. */
const sampleEntries: Readonly<Record<string, string>> = { h264: "avc1", hevc: "hvc1" };

/** Seconds by which a position may be before its frame. */
const toleranceSeconds = 0.003;
/** Seconds of the source that are read after the clip: packets are in the order of decoding. */
const tailSeconds = 2;

const microsecondsPerSecond = 1_000_000;
/** Times of the frames that the filters `settb` and `showinfo` have logged, in whole microseconds. */
const parseMicroseconds = (log: string): readonly number[] =>
  [...log.matchAll(/\bpts:\s*(-?\d+)/g)].map(([, pts]) => Number(pts));

/** Builds the step that decodes the keyframes of a file up to a position and logs their times. */
const buildKeyframesStep = (path: string, untilSeconds: number): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "finding the keyframe",
  weight: 0,
  hasDurationLimit: true,
  arguments: [
    ...["-skip_frame", "nokey"],
    ...buildFileInputArguments(["mov"]),
    ...["-t", untilSeconds.toFixed(6), "-i", path],
    ...["-map", "0:v:0", "-vf", `settb=1/${microsecondsPerSecond},showinfo`],
    ...["-vsync", "passthrough", "-f", "null", "-"],
  ],
});

/** Finds the last keyframe of a file at or before a position. @throws JobFailure 4002 without a keyframe */
function* findKeyframeSeconds(path: string, seconds: number): Generator<Step, number, StepResult> {
  const { log } = yield buildKeyframesStep(path, seconds + 2 * toleranceSeconds);
  const keyframe = parseMicroseconds(log)
    .filter((microseconds) => microseconds <= (seconds + toleranceSeconds) * microsecondsPerSecond)
    .at(-1);
  if (keyframe === undefined)
    throw new JobFailure(
      4002,
      `The source has no keyframe at or before ${seconds.toFixed(2)} s, so it cannot be cut there without encoding. Choose \`cut: "frame"\`.`,
    );
  return keyframe / microsecondsPerSecond;
}

/** @throws JobFailure 4000 if a track cannot be copied into MP4 */
const assertCopyable = (video: VideoProbe, audioCodecs: readonly string[]): void => {
  const codec = [video.codec, ...audioCodecs].find(
    (name) => sampleEntries[name] === undefined && name !== "aac",
  );
  if (codec !== undefined)
    throw new JobFailure(
      4000,
      `The source has ${codec}, which is not copied into MP4 without encoding: only H.264, HEVC and AAC are. Choose \`cut: "frame"\`.`,
    );
};

/**
 * Plans an MP4 of a part of the source without encoding: from the keyframe at or before its start. The source is first
 * copied from its beginning into an MP4, whose index finds any keyframe exactly. Packets are in the order of decoding,
 * so a few frames after the end may belong to the clip too.
 *
 * @returns what the file must be
 */
export function* copyClip(
  { startSeconds, durationSeconds, availableSeconds }: ClipRange,
  context: PlanContext,
  path: string,
): Generator<Step, Expectation, StepResult> {
  const { probe, url } = context.source;
  const video = requireVideo(probe, "clip");
  const [audio] = selectMainAudio(probe) ?? [];
  assertCopyable(video, audio === undefined ? [] : [audio.codec]);
  const copyArguments = [
    ...["-c", "copy", "-tag:v", sampleEntries[video.codec] ?? "avc1"],
    ...stripMetadataArguments,
  ];
  const sourcePath = `${context.scratchDirectory}/clip-source.mp4`;
  const endSeconds = startSeconds + (availableSeconds ?? durationSeconds);
  yield {
    kind: "ffmpeg",
    phase: "copying",
    weight: 1,
    hasDurationLimit: true,
    seconds: endSeconds,
    arguments: [
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        originShiftSeconds: computeOriginShift(context, [video, audio]),
      }),
      ...["-i", url, "-map", `0:${video.index}`],
      ...(audio === undefined ? [] : ["-map", `0:${audio.index}`]),
      ...copyArguments,
      ...["-t", (startSeconds + durationSeconds + tailSeconds).toFixed(3), "-f", "mp4", sourcePath],
    ],
  };
  const keyframeSeconds = yield* findKeyframeSeconds(sourcePath, startSeconds);
  const seconds = endSeconds - keyframeSeconds;
  yield {
    kind: "ffmpeg",
    phase: "cutting",
    weight: 1,
    hasDurationLimit: true,
    seconds,
    arguments: [
      ...buildFileInputArguments(["mov"]),
      ...["-ss", keyframeSeconds.toFixed(6), "-i", sourcePath, "-map", "0"],
      // The demuxer delivers audio from up to a second before.
      ...["-copypriorss:a", "0"],
      ...copyArguments,
      ...["-t", (startSeconds + durationSeconds - keyframeSeconds).toFixed(6)],
      ...["-movflags", "+faststart+write_colr", "-f", "mp4", path],
    ],
  };
  return {
    durationSeconds: availableSeconds === undefined ? undefined : seconds,
    video: { codec: video.codec, width: video.codedWidth, height: video.codedHeight },
    audio: audio === undefined ? "none" : { codec: audio.codec },
  };
}
