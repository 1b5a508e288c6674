import type { AudioProbe } from "../media/probe.ts";
import type { AudioParameters } from "./preset.ts";

const pcm = (audio: AudioParameters): string => {
  const options = audio.CodecOptions ?? {};
  const bits = options.BitDepth ?? "16";
  const sign = options.Signed === "Unsigned" || bits === "8" ? "u" : "s";
  return bits === "8" ? "pcm_u8" : `pcm_${sign}${bits}${options.BitOrder === "BigEndian" ? "be" : "le"}`;
};

/** ffmpeg's encoder of a preset's audio codec. */
export const audioEncoder = (audio: AudioParameters): string => {
  switch (audio.Codec) {
    case "AAC":
      return "aac";
    case "mp3":
      return "libmp3lame";
    case "mp2":
      return "mp2";
    case "vorbis":
      return "libvorbis";
    case "flac":
      return "flac";
    default:
      return pcm(audio);
  }
};

/** ffprobe's name of what that encoder makes. */
export const audioCodec = (audio: AudioParameters): string => {
  switch (audio.Codec) {
    case "AAC":
      return "aac";
    case "pcm":
      return pcm(audio);
    default:
      return audio.Codec;
  }
};

/**
 * The arguments of a preset's sound. The profile `auto` is AAC-LC: neither build can encode HE-AAC
 * (FFMPEG, "audio profile auto").
 */
export const audioArguments = (audio: AudioParameters, source: AudioProbe): readonly string[] => {
  const perTrack = audio.AudioPackingMode === "OneChannelPerTrack";
  const channels = audio.Channels === "auto" ? String(Math.min(source.channels, 2)) : audio.Channels;
  return [
    "-c:a",
    audioEncoder(audio),
    ...(audio.Codec === "AAC" ? ["-profile:a", "aac_low"] : []),
    ...(audio.Codec === "flac" && audio.CodecOptions?.BitDepth === "24" ? ["-sample_fmt", "s32"] : []),
    ...(audio.Codec === "flac" && audio.CodecOptions?.BitDepth !== "24" ? ["-sample_fmt", "s16"] : []),
    ...(audio.BitRate === undefined || audio.BitRate === "auto" ? [] : ["-b:a", `${audio.BitRate}k`]),
    ...(audio.SampleRate === "auto" ? [] : ["-ar", audio.SampleRate]),
    ...(perTrack ? [] : ["-ac", channels]),
  ];
};
