import { JobFailure } from "../../errors/job-error.ts";
import type { AudioProbe } from "../../media/probe.ts";
import type { AudioParameters, Preset } from "../presets/preset.ts";
import { audioTracks } from "./audio-tracks.ts";
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

/** What libvorbis takes as a bit rate, kbit/s: of mono, of stereo, and of each channel of more. */
const vorbisBounds: readonly {
  readonly below: number;
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}[] = [
  { below: 26_000, low: [16, 30, 16], high: [90, 160, 80] },
  { below: 40_000, low: [30, 40, 32], high: [160, 320, 80] },
  { below: 50_001, low: [32, 45, 16], high: [240, 320, 80] },
];

/** Outside of these rates libvorbis has no bit rate, only a quality: 4 is about 64 kbit/s a channel. */
const vorbisRate = (asked: number, hertz: number, channels: number): readonly string[] => {
  const bounds = hertz < 19_000 ? undefined : vorbisBounds.find(({ below }) => hertz < below);
  if (bounds === undefined) return ["-q:a", "4"];
  const of = ([mono, stereo, each]: readonly [number, number, number]): number =>
    channels === 1 ? mono : channels === 2 ? stereo : each * channels;
  return ["-b:a", `${Math.min(of(bounds.high), Math.max(of(bounds.low), asked))}k`];
};

/** A bit rate that the codec has, next to what the preset asks for. */
const bitRate = (audio: AudioParameters, hertz: number, channels: number): readonly string[] => {
  const asked = Number(audio.BitRate);
  if (audio.Codec === "pcm" || audio.Codec === "flac" || !Number.isFinite(asked)) return [];
  if (audio.Codec === "vorbis") return vorbisRate(asked, hertz, channels);
  const rate = audio.Codec === "mp2" ? nearest(hertz < 32_000 ? layer2Low : layer2, asked) : asked;
  return ["-b:a", `${rate}k`];
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
      ...bitRate(audio, rate ?? source.sampleRate, channels),
      ...(rate === undefined ? [] : ["-ar", String(rate)]),
      ...(tracks === undefined ? ["-ac", String(channels)] : []),
    ],
  };
};
