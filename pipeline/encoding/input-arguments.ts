import type { MediaLimits } from "../media/media-limits.ts";

/** Position from which an input is read. */
export interface InputSeek {
  /** Options before `-i`. */
  readonly inputArguments: readonly string[];
  /** Position of `-ss`, seconds. @default 0 */
  readonly fromSeconds?: number;
  /** Seconds before time 0 at which it is; `-itsoffset` makes these timestamps negative. @default 0 */
  readonly leadSeconds?: number;
}

interface InputOptions {
  /** Start position; see `planSeek`. */
  readonly seek?: InputSeek;
  /** See `computeOriginShift`. @default 0 */
  readonly originShiftSeconds?: number;
  /** Duration to read, seconds. */
  readonly durationSeconds?: number;
  /** Decode only keyframes. */
  readonly hasOnlyKeyframes?: boolean;
}

/** Maximum seconds to read of a source. A stream without a declared duration may never end. */
export const computeMaxSourceSeconds = (limits: MediaLimits): number => limits.maxSourceMinutes * 60 + 1;

/**
 * Timeout for a read from the loopback server, as a last resort. The worker itself detects a stalled object store and
 * distinguishes it from the end of a file.
 */
const readTimeoutMicroseconds = 900_000_000;

/**
 * Limits what the kernel buffers between the loopback server and ffmpeg to about 0.2 MB: the receive buffer, and the
 * send buffer, whose size follows the segment size. By default both hold megabytes, which are read from the object store
 * for nothing at each seek, the more the busier the machine.
 */
const socketArguments = ["-recv_buffer_size", "65536", "-tcp_mss", "1460"];

/** Bytes and microseconds to analyze. The duration is ffmpeg's own longest default, for FLV. */
const probeSizeArguments = ["-probesize", "5000000", "-analyzeduration", "90000000"];

/**
 * Keeps one origin for all tracks. Without an offset, ffmpeg measures the times of MPEG-TS and MPEG-PS from the first
 * track that it reads, so audio that starts late would start at 0. One microsecond is less than any time base.
 */
const originArguments = ["-itsoffset", "0.000001"];

/** Undoes a shift of the origin. After a seek beyond it, ffmpeg measures from the position of the seek. */
const buildShiftArguments = ({ seek, originShiftSeconds = 0 }: InputOptions): readonly string[] => {
  const shiftSeconds = originShiftSeconds - (seek?.fromSeconds ?? 0);
  return shiftSeconds > 0 ? ["-itsoffset", (shiftSeconds - (seek?.leadSeconds ?? 0)).toFixed(6)] : [];
};

/** Protocols for the worker's loopback server. */
const httpProtocols = "http,tcp";
/** Protocol for files that the worker created. */
const fileProtocols = "file";

/** Whether an input is a loopback URL, i.e. an untrusted source, and not a path, i.e. a file of the worker. */
const isUrl = (input: string): boolean => /^https?:/.test(input);

/**
 * Arguments before `-i URL` of an untrusted input: allowed demuxers and protocols; limits on pixels, read time and
 * analysis.
 *
 * @param maxPixels maximum per frame; the decoder rejects larger frames before it allocates memory
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
  ...socketArguments,
  ...probeSizeArguments,
  ...originArguments,
  ...(options.hasOnlyKeyframes === true ? ["-skip_frame", "nokey"] : []),
  ...(options.seek?.inputArguments ?? []),
  ...buildShiftArguments(options),
  ...(options.durationSeconds === undefined ? [] : ["-t", options.durationSeconds.toFixed(3)]),
];

/** Arguments before `-i PATH` of a file that an earlier step created. Only the `file` protocol is allowed. */
export const buildFileInputArguments = (demuxers: readonly string[]): readonly string[] => [
  "-protocol_whitelist",
  fileProtocols,
  "-format_whitelist",
  demuxers.join(","),
];

/** Arguments of every ffprobe run before those that select its output. */
const buildProbeInputArguments = (
  demuxers: readonly string[],
  limits: MediaLimits,
  input: string,
): readonly string[] => [
  "-v",
  "warning",
  "-hide_banner",
  "-protocol_whitelist",
  isUrl(input) ? httpProtocols : fileProtocols,
  "-format_whitelist",
  demuxers.join(","),
  "-max_pixels",
  String(Math.max(limits.maxVideoPixels, limits.maxImagePixels)),
  "-rw_timeout",
  String(readTimeoutMicroseconds),
  ...(isUrl(input) ? socketArguments : []),
  ...probeSizeArguments,
];

/**
 * Arguments of ffprobe for one input, with the input last. ffprobe prints format and streams as JSON.
 *
 * @param input a loopback URL, or the path of a file that the worker created
 */
export const buildProbeArguments = (
  demuxers: readonly string[],
  limits: MediaLimits,
  input: string,
): readonly string[] => [
  ...buildProbeInputArguments(demuxers, limits, input),
  "-show_format",
  "-show_streams",
  "-of",
  "json",
  input,
];

/**
 * Arguments of ffprobe that prints packets of a source.
 *
 * @param entries options that select the packets and their entries
 * @param format `csv`: one packet per line, without the section's name
 */
export const buildInspectionArguments = (
  source: { readonly url: string; readonly demuxers: readonly string[]; readonly limits: MediaLimits },
  entries: readonly string[],
  format: "csv" | "json" = "csv",
): readonly string[] => [
  ...buildProbeInputArguments(source.demuxers, source.limits, source.url),
  ...entries,
  "-of",
  format === "csv" ? "csv=print_section=0" : "json",
  source.url,
];
