import type { Probe } from "./probe.ts";

/** End of a track in seconds from the source's origin; undefined if it declares no duration. */
const getEndSeconds = (
  track: { readonly startSeconds?: number; readonly durationSeconds?: number } | undefined,
): number | undefined =>
  track?.durationSeconds === undefined ? undefined : (track.startSeconds ?? 0) + track.durationSeconds;

/** Seconds from the source's origin to the end of its video, else to the end of the file. */
export const getVideoSeconds = (probe: Probe): number | undefined =>
  getEndSeconds(probe.video) ?? probe.durationSeconds;

/** Seconds from the source's origin to the end of its main audio, else to the end of the file. */
export const getAudioSeconds = (probe: Probe): number | undefined =>
  getEndSeconds(probe.audio) ?? probe.durationSeconds;

/** Seconds from the source's origin to the end of its video or its main audio, whichever is later. */
export const getMediaSeconds = (probe: Probe): number | undefined => {
  const ends = [
    probe.video === undefined ? undefined : getVideoSeconds(probe),
    probe.audio === undefined ? undefined : getAudioSeconds(probe),
  ].filter((seconds) => seconds !== undefined);
  return ends.length === 0 ? probe.durationSeconds : Math.max(...ends);
};
