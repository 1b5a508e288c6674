import type { Probe } from "../../media/probe.ts";
import type { VideoParameters } from "../presets/preset.ts";

/**
 * Maximum bit rate of an H.264 level in baseline and main, kbit/s. High allows 1.25 times as much (ITU-T H.264, table
 *
 */
const maxKbpsByLevel: Readonly<Record<string, number>> = {
  "1": 64,
  "1b": 128,
  "1.1": 192,
  "1.2": 384,
  "1.3": 768,
  "2": 2000,
  "2.1": 4000,
  "2.2": 4000,
  "3": 10_000,
  "3.1": 14_000,
  "3.2": 20_000,
  "4": 20_000,
  "4.1": 50_000,
};
/** Maximum coded picture buffer of a level, kbit (the same table, MaxCPB). */
const maxBufferKbitsByLevel: Readonly<Record<string, number>> = {
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

const getLevelLimit = (
  table: Readonly<Record<string, number>>,
  { Codec, CodecOptions = {} }: Pick<VideoParameters, "Codec" | "CodecOptions">,
): number | undefined => {
  const limit = Codec === "H.264" ? table[CodecOptions.Level ?? ""] : undefined;
  return limit === undefined ? undefined : CodecOptions.Profile === "high" ? limit * 1.25 : limit;
};

/** Bounds of an automatic bit rate, kbit/s. */
const maxAutoKbps = 62_500;
const minAutoKbps = 100;

/** Estimated video bit rate of a source, kbit/s; undefined if the file has no bit rate. */
const getVideoKbps = ({ bitRate, audio }: Probe): number | undefined =>
  bitRate === undefined || !(bitRate > 0) ? undefined : bitRate / 1000 - (audio === undefined ? 0 : 128);

/** Maximum buffer size in ffmpeg, kbit. */
const maxBufferKbits = 2_000_000;

/** Rate control of an encoder. */
export interface RateControl {
  /** Undefined: constant quality. */
  readonly averageKbps?: number;
  readonly maxKbps?: number;
  readonly bufferKbits?: number;
}

/**
 * Bit rate, MaxBitRate and BufferSize of a preset (developer guide, "Preset settings"). `auto` is the source's bit
 * rate, limited by the level and by MaxBitRate. BufferSize defaults to ten times MaxBitRate and is limited by the
 * level.
 */
export const resolveRateControl = (video: VideoParameters, source: Probe): RateControl => {
  const options = video.CodecOptions ?? {};
  const maxKbps = options.MaxBitRate === undefined ? undefined : Number(options.MaxBitRate);
  const requestedKbps =
    video.BitRate === undefined || video.BitRate === "auto" ? undefined : Number(video.BitRate);
  const sourceKbps = getVideoKbps(source);
  const autoKbps =
    sourceKbps === undefined
      ? undefined
      : Math.round(
          Math.max(
            minAutoKbps,
            Math.min(sourceKbps, maxAutoKbps, getLevelLimit(maxKbpsByLevel, video) ?? maxAutoKbps),
          ),
        );
  const average = requestedKbps ?? autoKbps;
  const bufferKbits =
    maxKbps === undefined
      ? undefined
      : Math.min(
          Number(options.BufferSize ?? maxKbps * 10),
          getLevelLimit(maxBufferKbitsByLevel, video) ?? maxBufferKbits,
        );
  return {
    ...(average === undefined ? {} : { averageKbps: Math.min(average, maxKbps ?? average) }),
    ...(maxKbps === undefined ? {} : { maxKbps, bufferKbits }),
  };
};
