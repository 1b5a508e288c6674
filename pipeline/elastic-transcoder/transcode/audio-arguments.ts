import {
  type AudioFilterOptions,
  buildAudioMapArguments,
  countChannels,
} from "../../encoding/audio-filters.ts";
import { aacEncoderArguments } from "../../encoding/encode.ts";
import { encoderCeilingDbtp, losslessMixCeilingDbtp } from "../../encoding/peak-ceiling.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { AudioTrackGroup } from "../../media/audio-tracks.ts";
import type { AudioParameters, Preset } from "../presets/preset.ts";
import { buildAudioTracks } from "./audio-tracks.ts";
import { resolveSampleRate } from "./rates.ts";

/** PCM encoder by bit depth. MXF supports only 16 and 24 bits (SMPTE ST 382). */
const getPcmEncoder = ({ CodecOptions = {} }: AudioParameters): string => {
  const bits = CodecOptions.BitDepth ?? "16";
  return bits === "8" ? "pcm_u8" : `pcm_s${bits}le`;
};

const audioEncoders: Readonly<Record<string, string>> = {
  AAC: "aac",
  mp3: "libmp3lame",
  mp2: "mp2",
  vorbis: "libvorbis",
  flac: "flac",
};
/** Name of ffmpeg's encoder for a preset's audio codec. */
export const getAudioEncoder = (audio: AudioParameters): string =>
  audioEncoders[audio.Codec] ?? getPcmEncoder(audio);

/** ffprobe's codec name for the encoder's output. */
export const getAudioCodec = (audio: AudioParameters): string => {
  switch (audio.Codec) {
    case "AAC":
      return "aac";
    case "pcm":
      return getPcmEncoder(audio);
    default:
      return audio.Codec;
  }
};

const isLossless = ({ Codec }: AudioParameters): boolean => Codec === "pcm" || Codec === "flac";

const checkPcm = (preset: Preset, { Codec, CodecOptions = {} }: AudioParameters): void => {
  if (Codec !== "pcm") return;
  const bits = CodecOptions.BitDepth ?? "16";
  const refuse = (reason: string): never => {
    throw new JobFailure(4008, `Preset ${preset.Id} (${preset.Name}) ${reason}.`);
  };
  if (preset.Container === "mxf" && bits !== "16" && bits !== "24")
    refuse(`requires ${bits}-bit PCM; MXF supports 16 and 24 bits`);
  if (bits !== "8" && CodecOptions.Signed === "Unsigned")
    refuse(`requires unsigned ${bits}-bit PCM; ${preset.Container} supports only signed PCM from 16 bits on`);
};

/** Maximum number of channels of a codec. More are downmixed. */
const getMaxChannels = ({ Codec }: AudioParameters): number => (Codec === "mp3" || Codec === "mp2" ? 2 : 8);

/** Number of output channels for a preset and a source. AAC does not support 7. */
const resolveChannels = (audio: AudioParameters, group: AudioTrackGroup): number => {
  if (audio.Channels !== "auto") return Number(audio.Channels);
  const channels = Math.max(1, Math.min(countChannels(group), getMaxChannels(audio)));
  return audio.Codec === "AAC" && channels === 7 ? 6 : channels;
};

const mp2Kbps = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const mp2LowSampleRateKbps = [16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const findNearest = (rates: readonly number[], target: number): number =>
  rates.reduce(
    (best, rate) => (Math.abs(rate - target) < Math.abs(best - target) ? rate : best),
    rates[0] ?? target,
  );

/** Bit rates that libvorbis supports, kbit/s: mono, stereo, and per channel for more channels. */
const vorbisBounds: readonly {
  readonly belowHertz: number;
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}[] = [
  { belowHertz: 26_000, low: [16, 30, 16], high: [90, 160, 80] },
  { belowHertz: 40_000, low: [30, 40, 32], high: [160, 320, 80] },
  { belowHertz: 50_001, low: [32, 45, 16], high: [240, 320, 80] },
];

/** For other sample rates libvorbis supports only a quality: 4 is about 64 kbit/s per channel. */
const buildVorbisRateArguments = (
  requestedKbps: number,
  hertz: number,
  channels: number,
): readonly string[] => {
  const bounds = hertz < 19_000 ? undefined : vorbisBounds.find(({ belowHertz }) => hertz < belowHertz);
  if (bounds === undefined) return ["-q:a", "4"];
  const computeBound = ([mono, stereo, each]: readonly [number, number, number]): number =>
    channels === 1 ? mono : channels === 2 ? stereo : each * channels;
  return [
    "-b:a",
    `${Math.min(computeBound(bounds.high), Math.max(computeBound(bounds.low), requestedKbps))}k`,
  ];
};

/** The preset's bit rate, kbit/s; undefined if it has none. */
const getRequestedKbps = ({ BitRate }: AudioParameters): number | undefined => {
  const kbps = Number(BitRate);
  return Number.isFinite(kbps) ? kbps : undefined;
};

/** The supported bit rate that is closest to the preset's. */
const buildBitRateArguments = (
  audio: AudioParameters,
  hertz: number,
  channels: number,
): readonly string[] => {
  const requestedKbps = getRequestedKbps(audio);
  if (isLossless(audio) || requestedKbps === undefined) return [];
  if (audio.Codec === "vorbis") return buildVorbisRateArguments(requestedKbps, hertz, channels);
  const rate =
    audio.Codec === "mp2"
      ? findNearest(hertz < 32_000 ? mp2LowSampleRateKbps : mp2Kbps, requestedKbps)
      : requestedKbps;
  return ["-b:a", `${rate}k`];
};

/** Maximum true peak for a preset's encoder. A lossless preset keeps the samples, unless more than two channels are mixed. */
const resolveCeiling = (
  audio: AudioParameters,
  group: AudioTrackGroup,
  channels: number,
): Pick<AudioFilterOptions, "ceilingDbtp"> => {
  const isMix = countChannels(group) > 2 && channels < countChannels(group);
  const ceilingDbtp = isLossless(audio) ? (isMix ? losslessMixCeilingDbtp : undefined) : encoderCeilingDbtp;
  return ceilingDbtp === undefined ? {} : { ceilingDbtp };
};

/** ffmpeg arguments for an output's audio. It has a part of the filter graph only if it has several tracks. */
export interface AudioArguments {
  /** What it is made of. */
  readonly tracks: AudioTrackGroup;
  readonly filterGraph?: string;
  readonly mapArguments: readonly string[];
  readonly encoderArguments: readonly string[];
}

/**
 * Builds the arguments for a preset's audio. The profile `auto` is AAC-LC: ffmpeg's own encoder does not support HE-AAC
 * (ffmpeg-codecs(1), aac, option profile).
 *
 * @param label prefix of the graph's link labels
 * @param timing position in the source at which reading starts, and the shift of the video
 * @throws JobFailure 4008 if the codec or the container does not support the preset's settings
 */
export const buildAudioArguments = (
  preset: Preset,
  audio: AudioParameters,
  group: AudioTrackGroup,
  label: string,
  timing: Pick<AudioFilterOptions, "seekSeconds" | "shiftSeconds"> = {},
): AudioArguments => {
  checkPcm(preset, audio);
  const [{ sampleRate: sourceRate }] = group;
  const rate = resolveSampleRate(preset, audio, sourceRate);
  const channels = resolveChannels(audio, group);
  const ceiling = resolveCeiling(audio, group, channels);
  const tracks = buildAudioTracks(audio, group, channels, label, { ...timing, ...ceiling });
  const filterOptions: AudioFilterOptions = {
    channels,
    sampleRate: rate ?? "source",
    ...timing,
    ...ceiling,
  };
  return {
    tracks: group,
    ...(tracks === undefined ? {} : { filterGraph: tracks.graph }),
    mapArguments:
      tracks?.labels.flatMap((track) => ["-map", track]) ??
      buildAudioMapArguments(group, filterOptions, `${label}0`),
    encoderArguments: [
      ...(audio.Codec === "AAC"
        ? [...aacEncoderArguments, "-profile:a", "aac_low"]
        : ["-c:a", getAudioEncoder(audio)]),
      ...(audio.Codec === "flac"
        ? ["-sample_fmt", audio.CodecOptions?.BitDepth === "24" ? "s32" : "s16"]
        : []),
      ...buildBitRateArguments(audio, rate ?? sourceRate, channels),
      ...(rate === undefined ? [] : ["-ar", String(rate)]),
      ...(tracks === undefined ? ["-ac", String(channels)] : []),
    ],
  };
};
