import type { MediaLimits } from "../media/media-limits.ts";

interface InputOptions {
  /** Where to begin, seconds; ffmpeg then reads only from the keyframe before. */
  readonly seekSeconds?: number;
  /** How much to read, seconds. */
  readonly durationSeconds?: number;
  /** Decode keyframes alone. */
  readonly keyframesOnly?: boolean;
}

/** Seconds of a source that are read at most: a stream that declares no length may never end. */
export const computeMaxSourceSeconds = (limits: MediaLimits): number => limits.maxSourceMinutes * 60 + 1;

/**
 * Microseconds a read of the loopback source may take before ffmpeg gives up: the last resort. The worker notices a
 * stalled store itself, and tells it from a file that ends.
 */
const readTimeoutMicroseconds = 900_000_000;

/** How much is read to learn what a file holds: bytes, and microseconds (as long as ffmpeg's own longest, for FLV). */
const probeSizeArguments = ["-probesize", "5000000", "-analyzeduration", "90000000"];

/** Protocols by which the worker's loopback server is read. */
const httpProtocols = "http,tcp";
/** The protocol of files that the worker made itself. */
const fileProtocols = "file";

/** The protocols that an input needs, and no more: a loopback URL is a hostile source, a path is a file of our own. */
const selectProtocols = (input: string): string => (/^https?:/.test(input) ? httpProtocols : fileProtocols);

/**
 * What precedes `-i URL` of every hostile input: demuxers and protocols whitelisted; pixels, reads and what is
 * read ahead bounded.
 *
 * @param maxPixels of one frame; the decoder refuses larger ones before it allocates
 */
export const buildInputArguments = (
  demuxers: readonly string[],
  maxPixels: number,
  options: InputOptions = {},
): readonly string[] => [
  "-protocol_whitelist",
  httpProtocols,
  "-format_whitelist",
  demuxers.join(","),
  "-max_pixels",
  String(maxPixels),
  "-rw_timeout",
  String(readTimeoutMicroseconds),
  ...probeSizeArguments,
  ...(options.keyframesOnly === true ? ["-skip_frame", "nokey"] : []),
  ...(options.seekSeconds === undefined || options.seekSeconds <= 0
    ? []
    : ["-ss", options.seekSeconds.toFixed(3)]),
  ...(options.durationSeconds === undefined ? [] : ["-t", options.durationSeconds.toFixed(3)]),
];

/** What precedes `-i PATH` of a file that an earlier step made: it is read from the disk and from nowhere else. */
export const buildFileInputArguments = (demuxers: readonly string[]): readonly string[] => [
  "-protocol_whitelist",
  fileProtocols,
  "-format_whitelist",
  demuxers.join(","),
];

/**
 * Arguments of ffprobe for one input, the input last: JSON of format and streams.
 *
 * @param input a loopback URL, or the path of a file that the worker made
 */
export const buildProbeArguments = (
  demuxers: readonly string[],
  limits: MediaLimits,
  input: string,
): readonly string[] => [
  "-v",
  "warning",
  "-hide_banner",
  "-protocol_whitelist",
  selectProtocols(input),
  "-format_whitelist",
  demuxers.join(","),
  "-max_pixels",
  String(Math.max(limits.maxVideoPixels, limits.maxImagePixels)),
  "-rw_timeout",
  String(readTimeoutMicroseconds),
  ...probeSizeArguments,
  "-show_format",
  "-show_streams",
  "-of",
  "json",
  input,
];
