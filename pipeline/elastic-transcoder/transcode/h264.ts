import type { VideoParameters } from "../presets/preset.ts";
import type { RateControl } from "./bit-rate.ts";
import type { FieldOrder } from "./field-order.ts";

/**
 * GOP arguments for any codec: the maximum or the fixed distance between keyframes.
 *
 * @param segmentSeconds adds keyframes at segment boundaries, unless the distance is fixed
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
 * x264's tolerance for deviations from the average rate. With the default of 1.0, a few seconds of noisy video exceed
 * it by 40 %; with this value, by less than 5 %.
 */
const rateTolerance = "ratetol=0.15";

/** A constant rate gets a buffer of one second: the first seconds would use up a buffer of ten. */
const computeBufferKbits = ({ averageKbps, maxKbps = 0, bufferKbits = 0 }: RateControl): number =>
  averageKbps === maxKbps ? Math.min(bufferKbits, maxKbps) : bufferKbits;

/**
 * Encoder arguments for a preset with H.264. libx264's `veryfast` costs half as much as `medium`; at the presets' bit
 * rates, the quality depends on the rate, not on the encoder preset.
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
