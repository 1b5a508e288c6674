import type { Probe } from "./probe.ts";

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
