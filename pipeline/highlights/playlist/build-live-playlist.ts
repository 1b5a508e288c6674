/** A segment that a live playlist shows once its time has come. */
export interface LiveSegment {
  /** Relative to the playlist. */
  readonly file: string;
  readonly durationSeconds: number;
}
export interface LivePlaylistOptions {
  /** Epoch milliseconds of the first frame. */
  readonly startMs: number;
  readonly nowMs: number;
  /** Most segments in the playlist. */
  readonly windowSize: number;
}

/**
 * Builds the playlist of a live channel with a sliding window: the last segments that are complete, each with its program
 * date-time. It has an end once all segments are complete.
 */
export const buildLivePlaylist = (
  segments: readonly LiveSegment[],
  { startMs, nowMs, windowSize }: LivePlaylistOptions,
): string => {
  let endMs = startMs;
  const complete = segments.flatMap(({ file, durationSeconds }) => {
    const segmentStartMs = endMs;
    endMs += durationSeconds * 1000;
    return endMs <= nowMs ? [{ file, durationSeconds, startMs: segmentStartMs }] : [];
  });
  const window = complete.slice(-windowSize);
  const targetDurationSeconds = Math.max(
    1,
    ...segments.map(({ durationSeconds }) => Math.round(durationSeconds)),
  );
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${targetDurationSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${complete.length - window.length}`,
    ...window.flatMap((segment) => [
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startMs).toISOString()}`,
      `#EXTINF:${segment.durationSeconds.toFixed(6)},`,
      segment.file,
    ]),
    ...(complete.length === segments.length ? ["#EXT-X-ENDLIST"] : []),
    "",
  ].join("\n");
};
