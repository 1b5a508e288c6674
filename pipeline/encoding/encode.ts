import { JobFailure } from "../errors/job-error.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";

/** H.264 for any player: 8-bit 4:2:0. veryfast takes 41 s of CPU time per minute of 720p, medium 86 s. */
export const buildH264Arguments = (crf: number, suffix = ""): readonly string[] => [
  `-c:v${suffix}`,
  "libx264",
  `-preset${suffix}`,
  "veryfast",
  `-crf${suffix}`,
  String(crf),
  `-pix_fmt${suffix}`,
  "yuv420p",
];

/** AAC-LC, stereo, 48 kHz. */
export const buildAacArguments = (bitRateKbps: number): readonly string[] => [
  "-c:a",
  "aac",
  "-b:a",
  `${bitRateKbps}k`,
  "-ac",
  "2",
  "-ar",
  "48000",
];

/** Arguments of every output: removes the uploader's metadata, chapters, and data and subtitle streams. */
export const stripMetadataArguments: readonly string[] = [
  "-map_metadata",
  "-1",
  "-map_chapters",
  "-1",
  "-dn",
  "-sn",
];

/** Filters that select a frame at an interval, starting with the first, even if the video starts after the audio. */
export const buildIntervalFilters = (seconds: number): readonly string[] => [
  "setpts=PTS-STARTPTS",
  `fps=1/${seconds}:round=up`,
];

/** Duration of the video stream in seconds, else of the file. */
export const getVideoSeconds = (probe: Probe): number | undefined =>
  probe.video?.durationSeconds ?? probe.durationSeconds;

/** Duration of the audio stream in seconds, else of the file. */
export const getAudioSeconds = (probe: Probe): number | undefined =>
  probe.audio?.durationSeconds ?? probe.durationSeconds;

/** Duration in seconds of the longer stream, video or audio. */
export const getMediaSeconds = (probe: Probe): number | undefined => {
  const durations = [
    probe.video === undefined ? undefined : getVideoSeconds(probe),
    probe.audio === undefined ? undefined : getAudioSeconds(probe),
  ].filter((seconds) => seconds !== undefined);
  return durations.length === 0 ? probe.durationSeconds : Math.max(...durations);
};

/** Returns the source's video stream. @throws JobFailure 4000 if it has none */
export const requireVideo = (probe: Probe, recipe: string): VideoProbe => {
  if (probe.video === undefined)
    throw new JobFailure(4000, `The source has no video, which recipe ${recipe} requires.`);
  return probe.video;
};

/** Returns the output key of a recipe with one output. @throws JobFailure 1000 if it has none */
export const requireOutputKey = (keys: readonly string[], recipe: string): string => {
  const key = keys[0];
  if (key === undefined)
    throw new JobFailure(1000, `Recipe ${recipe} has no output key. Add one to the route's outputs.`);
  return key;
};
