import type { VideoParameters } from "../presets/preset.ts";
import type { RateControl } from "./bit-rate.ts";
import type { FieldOrder } from "./field-order.ts";

/**
 * GOP of any codec: the largest distance of keyframes, or exactly that.
 *
 * @param segmentSeconds keyframes stand at the borders of segments too, unless their distance is fixed
 */
export const buildGopArguments = (video: VideoParameters, segmentSeconds?: number): readonly string[] => {
  const keyframeDistance = video.KeyframesMaxDist;
  if (keyframeDistance !== undefined && video.FixedGOP === "true")
    return ["-g", keyframeDistance, "-keyint_min", keyframeDistance, "-sc_threshold", "0"];
  return [
    ...(keyframeDistance === undefined ? [] : ["-g", keyframeDistance]),
    ...(segmentSeconds === undefined ? [] : ["-force_key_frames", `expr:gte(t,n_forced*${segmentSeconds})`]),
  ];
};

/**
 * How far x264 may stray from the average rate. Its own 1.0 lets a few seconds of a noisy picture take 1.4 times what
 * they should; this holds them within a twentieth.
 */
const rateTolerance = "ratetol=0.15";

/** A buffer of ten seconds at a constant rate would be spent in the first ones: one second's is held then. */
const computeBufferKbits = ({ averageKbps, maxKbps = 0, bufferKbits = 0 }: RateControl): number =>
  averageKbps === maxKbps ? Math.min(bufferKbits, maxKbps) : bufferKbits;

/**
 * H.264 as a preset asks for it. libx264's `veryfast` costs half of `medium`; at the bit rates of these presets
 * the rate, not the speed, decides the quality.
 */
export const buildH264PresetArguments = (
  video: VideoParameters,
  rate: RateControl,
  fieldOrder: FieldOrder,
  segmentSeconds: number | undefined,
): readonly string[] => {
  const options = video.CodecOptions ?? {};
  const level = options.Level ?? "auto";
  const x264 = [
    ...(rate.averageKbps === undefined ? [] : [rateTolerance]),
    ...(fieldOrder === "progressive" ? [] : [fieldOrder === "top" ? "tff=1" : "bff=1"]),
  ];
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
    ...(rate.averageKbps === undefined ? ["-crf", "22"] : ["-b:v", `${rate.averageKbps}k`]),
    ...(rate.maxKbps === undefined
      ? []
      : ["-maxrate", `${rate.maxKbps}k`, "-bufsize", `${computeBufferKbits(rate)}k`]),
    ...buildGopArguments(video, segmentSeconds),
    ...(fieldOrder === "progressive" ? [] : ["-weightp", "0", "-flags", "+ildct+ilme"]),
    ...(x264.length === 0 ? [] : ["-x264opts", x264.join(":")]),
  ];
};
