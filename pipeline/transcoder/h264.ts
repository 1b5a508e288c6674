import type { VideoParameters } from "./preset.ts";

/** Largest coded picture buffer of a level, kbit (ITU-T H.264, table A-1, MaxCPB); High profile has 1.25 of it. */
const bufferByLevel: Readonly<Record<string, number>> = {
  "1": 175,
  "1b": 350,
  "1.1": 500,
  "1.2": 1000,
  "1.3": 2000,
  "2": 2000,
  "2.1": 4000,
  "2.2": 4000,
  "3": 10_000,
  "3.1": 14_000,
  "3.2": 20_000,
  "4": 25_000,
  "4.1": 62_500,
};

/** A buffer size no larger than the level allows, kbit. */
export const clampBuffer = (kilobits: number, profile: string, level: string): number => {
  const limit = bufferByLevel[level];
  if (limit === undefined) return kilobits;
  return Math.min(kilobits, profile === "high" ? limit * 1.25 : limit);
};

/** GOP of any codec: the largest distance of keyframes, or exactly that. */
export const gopArguments = (video: VideoParameters): readonly string[] => {
  const distance = video.KeyframesMaxDist;
  if (distance === undefined) return [];
  return video.FixedGOP === "true"
    ? ["-g", distance, "-keyint_min", distance, "-sc_threshold", "0"]
    : ["-g", distance];
};

/**
 * H.264 as a preset asks for it. libx264's `veryfast` costs half of `medium`; at the bit rates of these presets
 * the rate, not the speed, decides the quality.
 */
export const h264PresetArguments = (video: VideoParameters, interlaced: boolean): readonly string[] => {
  const options = video.CodecOptions ?? {};
  const profile = options.Profile ?? "main";
  const level = options.Level ?? "auto";
  const maxBitRate = options.MaxBitRate;
  const buffer =
    options.BufferSize ?? (maxBitRate === undefined ? undefined : String(Number(maxBitRate) * 2));
  return [
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-profile:v",
    profile,
    ...(level === "auto" ? [] : ["-level:v", level]),
    "-pix_fmt",
    "yuv420p",
    ...(options.MaxReferenceFrames === undefined ? [] : ["-refs", options.MaxReferenceFrames]),
    ...(video.BitRate === undefined || video.BitRate === "auto"
      ? ["-crf", "22"]
      : ["-b:v", `${video.BitRate}k`]),
    ...(maxBitRate === undefined || buffer === undefined
      ? []
      : ["-maxrate", `${maxBitRate}k`, "-bufsize", `${clampBuffer(Number(buffer), profile, level)}k`]),
    ...gopArguments(video),
    ...(interlaced ? ["-weightp", "0", "-flags", "+ildct+ilme", "-x264opts", "tff=1"] : []),
  ];
};
