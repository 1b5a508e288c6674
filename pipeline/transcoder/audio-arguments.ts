import { JobFailure } from "../job/error.ts";
import type { AudioProbe } from "../media/probe.ts";
import { audioTracks } from "./audio-tracks.ts";
import type { AudioParameters, Preset } from "./preset.ts";
import { sampleRate } from "./rates.ts";

/** Bits of a sample in PCM; MXF has 16 and 24 alone (SMPTE ST 382). */
const pcm = ({ CodecOptions = {} }: AudioParameters): string => {
  const bits = CodecOptions.BitDepth ?? "16";
  return bits === "8" ? "pcm_u8" : `pcm_s${bits}le`;
};

const encoders: Readonly<Record<string, string>> = {
  AAC: "aac",
  mp3: "libmp3lame",
  mp2: "mp2",
  vorbis: "libvorbis",
  flac: "flac",
};
/** ffmpeg's encoder of a preset's audio codec. */
export const audioEncoder = (audio: AudioParameters): string => encoders[audio.Codec] ?? pcm(audio);

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

const checkPcm = (preset: Preset, { Codec, CodecOptions = {} }: AudioParameters): void => {
  if (Codec !== "pcm") return;
  const bits = CodecOptions.BitDepth ?? "16";
  const refuse = (why: string): never => {
    throw new JobFailure(4008, `Preset ${preset.Id} (${preset.Name}) ${why}.`);
  };
  if (preset.Container === "mxf" && bits !== "16" && bits !== "24")
    refuse(`asks for PCM of ${bits} bits; MXF has 16 and 24`);
  if (bits !== "8" && CodecOptions.Signed === "Unsigned")
    refuse(`asks for unsigned PCM of ${bits} bits; ${preset.Container} has it signed from 16 bits on`);
};

/** Channels that a codec can have; more are mixed down. */
const mostChannels = ({ Codec }: AudioParameters): number => (Codec === "mp3" || Codec === "mp2" ? 2 : 8);

/** How many channels a preset makes of a source. AAC has no 7. */
const channelsOf = (audio: AudioParameters, source: AudioProbe): number => {
  if (audio.Channels !== "auto") return Number(audio.Channels);
  const channels = Math.max(1, Math.min(source.channels, mostChannels(audio)));
  return audio.Codec === "AAC" && channels === 7 ? 6 : channels;
};

const layer2 = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const layer2Low = [16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const nearest = (rates: readonly number[], wanted: number): number =>
  rates.reduce(
    (best, rate) => (Math.abs(rate - wanted) < Math.abs(best - wanted) ? rate : best),
    rates[0] ?? wanted,
  );

/** The bounds within which libvorbis takes a bit rate, kbit/s for each channel. */
const vorbisBounds = (hertz: number): readonly [number, number] =>
  hertz > 26_000 ? (hertz > 50_000 ? [64, 240] : [32, 160]) : [16, 80];

/** A bit rate that the codec has, next to what the preset asks for. */
const bitRate = (audio: AudioParameters, hertz: number, channels: number): number | undefined => {
  if (audio.BitRate === undefined || audio.BitRate === "auto") return undefined;
  if (audio.Codec === "pcm" || audio.Codec === "flac") return undefined;
  const asked = Number(audio.BitRate);
  if (audio.Codec === "mp2") return nearest(hertz < 32_000 ? layer2Low : layer2, asked);
  if (audio.Codec !== "vorbis") return asked;
  const [low, high] = vorbisBounds(hertz);
  return Math.min(high * channels, Math.max(low * channels, asked));
};

/** What an output's sound takes: a graph where it is in several tracks, what is mapped, and how it is encoded. */
export interface SoundArguments {
  readonly graph?: string;
  readonly maps: readonly string[];
  readonly codec: readonly string[];
}

/**
 * The arguments of a preset's sound. The profile `auto` is AAC-LC: neither build can encode HE-AAC
 * (FFMPEG, "audio profile auto").
 *
 * @param label begins the names of the graph's links
 * @throws JobFailure 4008 where the codec or the container cannot have what the preset asks for
 */
export const soundArguments = (
  preset: Preset,
  audio: AudioParameters,
  source: AudioProbe,
  label: string,
): SoundArguments => {
  checkPcm(preset, audio);
  const rate = sampleRate(preset, audio, source.sampleRate);
  const channels = channelsOf(audio, source);
  const tracks = audioTracks(audio, source, channels, label);
  const kilobits = bitRate(audio, rate ?? source.sampleRate, channels);
  return {
    ...(tracks === undefined ? {} : { graph: tracks.graph }),
    maps: (tracks?.labels ?? [`0:${source.index}`]).flatMap((track) => ["-map", track]),
    codec: [
      "-c:a",
      audioEncoder(audio),
      ...(audio.Codec === "AAC" ? ["-profile:a", "aac_low"] : []),
      ...(audio.Codec === "flac"
        ? ["-sample_fmt", audio.CodecOptions?.BitDepth === "24" ? "s32" : "s16"]
        : []),
      ...(kilobits === undefined ? [] : ["-b:a", `${kilobits}k`]),
      ...(rate === undefined ? [] : ["-ar", String(rate)]),
      ...(tracks === undefined ? ["-ac", String(channels)] : []),
    ],
  };
};
