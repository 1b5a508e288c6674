/** File name of a recording's manifest. */
export const recordingManifestName = "index.m3u8";

/** A segment of a recording. */
export interface RecordedSegment {
  /** File name of the segment, relative to the manifest. */
  readonly file: string;
  /** File name of its initialization section, for fragmented MP4. */
  readonly initialization?: string;
  readonly durationSeconds: number;
  /** Whether its timestamps do not continue those of the segment before. */
  readonly isTimelineStart: boolean;
  /** Epoch milliseconds of its first frame, at the start of a timeline whose channel says it. */
  readonly programDateTimeMs?: number;
}

/** Builds the VOD manifest of a recording (RFC 8216). It is complete, so that players and `backtest` read it as it is. */
export const buildRecordingPlaylist = (segments: readonly RecordedSegment[]): string => {
  const targetDurationSeconds = Math.max(
    1,
    ...segments.map(({ durationSeconds }) => Math.round(durationSeconds)),
  );
  const lines = segments.flatMap(
    ({ file, initialization, durationSeconds, isTimelineStart, programDateTimeMs }, index) => [
      ...(isTimelineStart && index > 0 ? ["#EXT-X-DISCONTINUITY"] : []),
      ...(initialization === undefined || initialization === segments[index - 1]?.initialization
        ? []
        : [`#EXT-X-MAP:URI="${initialization}"`]),
      ...(programDateTimeMs === undefined
        ? []
        : [`#EXT-X-PROGRAM-DATE-TIME:${new Date(programDateTimeMs).toISOString()}`]),
      `#EXTINF:${durationSeconds.toFixed(6)},`,
      file,
    ],
  );
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    `#EXT-X-TARGETDURATION:${targetDurationSeconds}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    ...lines,
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
};
