import type { Probe } from "../../media/probe.ts";
import type { VideoParameters } from "../presets/preset.ts";

/** Largest bit rate of an H.264 level, kbit/s: baseline and main; high has 1.25 of it (ITU-T H.264, table A-1). */
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
/** Largest coded picture buffer of a level, kbit (the same table, MaxCPB). */
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

/** The highest and the lowest that an automatic bit rate becomes, kbit/s. */
const maxAutoKbps = 62_500;
const minAutoKbps = 100;

/** What of a source's bit rate is its picture's, kbit/s; undefined where the file does not say. */
const getVideoKbps = ({ bitRate, audio }: Probe): number | undefined =>
  bitRate === undefined || !(bitRate > 0) ? undefined : bitRate / 1000 - (audio === undefined ? 0 : 128);

/** What ffmpeg takes as a buffer, kbit. */
const maxBufferKbits = 2_000_000;

/** How an encoder holds its rate, kbit/s and kbit. */
export interface RateControl {
  /** On average; undefined: by quality. */
  readonly averageKbps?: number;
  readonly maxKbps?: number;
  readonly bufferKbits?: number;
}

/**
 * Bit rate, MaxBitRate and BufferSize of a preset (developer guide, "Preset settings"). `auto` is the source's own
 * rate, within what the level allows and MaxBitRate; BufferSize is ten times MaxBitRate where it is not given, and
 * never over the level's.
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
