import { isMeasuredFromTracks } from "./capabilities.ts";
import type { PlanContext } from "./plan.ts";

/** A track of a source, by its start. */
export interface StartingTrack {
  /** Seconds from the source's origin. @default 0 */
  readonly startSeconds?: number;
}

/**
 * Seconds from a source's origin to the first of the tracks that a run reads, if ffmpeg takes that for the origin.
 *
 * @param tracks those that the run maps
 */
export const computeOriginShift = (
  { source: { probe }, capabilities }: Pick<PlanContext, "source" | "capabilities">,
  tracks: readonly (StartingTrack | undefined)[],
): number => {
  if (!capabilities.hasOriginOfReadTracks || !isMeasuredFromTracks(probe)) return 0;
  const starts = tracks.flatMap((track) => (track === undefined ? [] : [track.startSeconds ?? 0]));
  return starts.length === 0 ? 0 : Math.min(...starts);
};
