/** Limits of a playlist. A server that exceeds one is broken or hostile. */
export const playlistLimits = {
  /** Of the playlist; also the total of the texts with variables, after their replacement. */
  characters: 16 * 1024 * 1024,
  /** 55 hours of 2 s. */
  segments: 100_000,
  /** Variants, and audio renditions. */
  streams: 1000,
  /** Of a line that is read: a URI or a known tag, in characters. */
  lineCharacters: 65_536,
  urlCharacters: 8192,
  /** Total of the absolute URLs. */
  allUrlCharacters: 64 * 1024 * 1024,
  segmentSeconds: 86_400,
} as const;
