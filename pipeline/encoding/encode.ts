import { JobFailure } from "../errors/job-error.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";

/** H.264 for any player: 8 bit 4:2:0. Preset veryfast takes half of medium's CPU time: 41 and 86 s a minute of 720p. */
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

/** Arguments of every output: no metadata of the uploader's machine, no data streams, no chapters. */
export const stripMetadataArguments: readonly string[] = [
  "-map_metadata",
  "-1",
  "-map_chapters",
  "-1",
  "-dn",
  "-sn",
];

/** Filters that take a picture every so many seconds from the first on, whenever after the sound that comes. */
export const buildIntervalFilters = (seconds: number): readonly string[] => [
  "setpts=PTS-STARTPTS",
  `fps=1/${seconds}:round=up`,
];

/** Seconds of the picture; of the whole file where the stream does not say. */
export const getVideoSeconds = (probe: Probe): number | undefined =>
  probe.video?.durationSeconds ?? probe.durationSeconds;

/** Seconds of the sound; of the whole file where the stream does not say. */
export const getAudioSeconds = (probe: Probe): number | undefined =>
  probe.audio?.durationSeconds ?? probe.durationSeconds;

/** Seconds of picture and sound together: the longer of both. */
export const getMediaSeconds = (probe: Probe): number | undefined => {
  const durations = [
    probe.video === undefined ? undefined : getVideoSeconds(probe),
    probe.audio === undefined ? undefined : getAudioSeconds(probe),
  ].filter((seconds) => seconds !== undefined);
  return durations.length === 0 ? probe.durationSeconds : Math.max(...durations);
};

/** @throws JobFailure 4000 where there is no picture */
export const requireVideo = (probe: Probe, recipe: string): VideoProbe => {
  if (probe.video === undefined)
    throw new JobFailure(4000, `The source holds no picture, and recipe ${recipe} needs one.`);
  return probe.video;
};

/** The one output key of a recipe. @throws JobFailure 1000 where there is none */
export const requireOutputKey = (keys: readonly string[], recipe: string): string => {
  const key = keys[0];
  if (key === undefined) throw new JobFailure(1000, `Recipe ${recipe} was given no output key.`);
  return key;
};
