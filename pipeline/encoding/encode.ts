import type { AudioTrackGroup } from "../media/audio-tracks.ts";
import { type AudioFilterOptions, buildAudioMapArguments } from "./audio-filters.ts";
import { encoderCeilingDbtp } from "./peak-ceiling.ts";

/** H.264 for any player: 8-bit 4:2:0. veryfast takes 41 s of CPU time per minute of 720p, medium 86 s. */
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

/**
 * Arguments of single images. PNG with filters and fast compression takes less CPU time than ffmpeg's default, and
 * photographs become about a tenth smaller.
 */
export const imageArguments: Readonly<Record<"jpg" | "png", readonly string[]>> = {
  jpg: ["-c:v", "mjpeg", "-q:v", "3"],
  png: ["-c:v", "png", "-pred", "mixed", "-compression_level", "3"],
};

/**
 * ffmpeg's AAC encoder without temporal noise shaping and intensity stereo, with which loud audio gets peaks up to 12 dB
 * over those of the source.
 */
export const aacEncoderArguments: readonly string[] = ["-c:a", "aac", "-aac_tns", "0", "-aac_is", "0"];

/** AAC-LC, stereo, 48 kHz. */
const buildAacArguments = (bitRateKbps: number): readonly string[] => [
  ...aacEncoderArguments,
  "-b:a",
  `${bitRateKbps}k`,
  "-ac",
  "2",
  "-ar",
  "48000",
];

/**
 * Builds the arguments of the only audio track of an output: AAC-LC, stereo, 48 kHz, with limited peaks.
 *
 * @param label unique among the outputs of a process
 */
export const buildAacTrackArguments = (
  group: AudioTrackGroup,
  bitRateKbps: number,
  options: AudioFilterOptions = {},
  label?: string,
): readonly string[] => [
  ...buildAudioMapArguments(group, { ceilingDbtp: encoderCeilingDbtp, ...options }, label),
  ...buildAacArguments(bitRateKbps),
];

/**
 * Arguments of every output with video: the filters already give it a constant frame rate. With its own conversion, the
 * 2018 build repeats the first frame of a variable one.
 */
export const constantRateArguments: readonly string[] = ["-vsync", "vfr"];

/** Arguments of every output: removes the uploader's metadata, chapters, and data and subtitle streams. */
export const stripMetadataArguments: readonly string[] = [
  "-map_metadata",
  "-1",
  "-map_chapters",
  "-1",
  "-dn",
  "-sn",
];
