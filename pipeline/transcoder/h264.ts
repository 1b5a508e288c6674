import type { RateControl } from "./bit-rate.ts";
import type { VideoParameters } from "./preset.ts";
import type { Scanning } from "./scanning.ts";

/**
 * GOP of any codec: the largest distance of keyframes, or exactly that.
 *
 * @param segmentSeconds keyframes stand at the borders of segments too, unless their distance is fixed
 */
export const gopArguments = (video: VideoParameters, segmentSeconds?: number): readonly string[] => {
  const distance = video.KeyframesMaxDist;
  if (distance !== undefined && video.FixedGOP === "true")
    return ["-g", distance, "-keyint_min", distance, "-sc_threshold", "0"];
  return [
    ...(distance === undefined ? [] : ["-g", distance]),
    ...(segmentSeconds === undefined ? [] : ["-force_key_frames", `expr:gte(t,n_forced*${segmentSeconds})`]),
  ];
};

/**
 * H.264 as a preset asks for it. libx264's `veryfast` costs half of `medium`; at the bit rates of these presets
 * the rate, not the speed, decides the quality.
 */
export const h264PresetArguments = (
  video: VideoParameters,
  rate: RateControl,
  scanning: Scanning,
  segmentSeconds: number | undefined,
): readonly string[] => {
  const options = video.CodecOptions ?? {};
  const level = options.Level ?? "auto";
  return [
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-profile:v",
    options.Profile ?? "main",
    ...(level === "auto" ? [] : ["-level:v", level]),
    "-pix_fmt",
    "yuv420p",
    ...(options.MaxReferenceFrames === undefined ? [] : ["-refs", options.MaxReferenceFrames]),
    ...(rate.average === undefined ? ["-crf", "22"] : ["-b:v", `${rate.average}k`]),
    ...(rate.maximum === undefined ? [] : ["-maxrate", `${rate.maximum}k`, "-bufsize", `${rate.buffer}k`]),
    ...gopArguments(video, segmentSeconds),
    ...(scanning === "progressive"
      ? []
      : ["-weightp", "0", "-flags", "+ildct+ilme", "-x264opts", scanning === "top" ? "tff=1" : "bff=1"]),
  ];
};
