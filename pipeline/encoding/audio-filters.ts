import type { AudioTrackGroup } from "../media/audio-tracks.ts";
import type { AudioProbe } from "../media/probe.ts";
import { buildDownmixFilters } from "./downmix.ts";
import { buildPeakLimiter } from "./peak-limiter.ts";

/** Level of an output, from its measured loudness. */
export interface AudioLevel {
  readonly gainDb: number;
  /** Limit of the true peak; absent: no limiter is necessary. */
  readonly ceilingDbtp?: number;
}
/** Properties of an output track. */
export interface AudioFilterOptions {
  /** 1 and 2: a mix by `downmix.ts`; more: the channels of a source that has so many. Default 2. */
  readonly channels?: number;
  /** Hz; `source`: the source's. Default 48000. */
  readonly sampleRate?: number | "source";
  /** Position in the source at which reading starts, seconds. Default 0. */
  readonly seekSeconds?: number;
  /** Shift of the output's video by its constant frame rate, seconds; see `computeTimingShift`. Default 0. */
  readonly shiftSeconds?: number;
  /** Maximum true peak for the encoder, dBTP; see `peak-ceiling.ts`. Absent: not limited. */
  readonly ceilingDbtp?: number;
  /** A measured level, whose ceiling replaces `ceilingDbtp`. */
  readonly level?: AudioLevel;
  /** Name of a meter of the result's loudness; see `parseLoudness`. Absent: not measured. */
  readonly meter?: string;
}

/** Builds the filter that logs a summary of the loudness (ITU-R BS.1770) at its end, under its name. */
export const buildLoudnessMeter = (name: string): string => `ebur128@${name}=peak=true:framelog=verbose`;

const defaultSampleRate = 48_000;
/** A difference between timestamps and samples that is longer is filled or cut, so that audio stays in sync. */
const maxDriftSeconds = 0.02;
/** Audio that starts later than this after the source begins with silence. */
const minLeadSeconds = 0.01;
/** Less is not heard, and a shift costs the start of a track. */
const minShiftSeconds = 0.005;
/** Silent samples that begin a lead. */
const leadSamples = 16;
/** Seconds between them and time 0. Longer than `maxDriftSeconds`, so that a gap after them is always filled. */
const leadMarginSeconds = 0.1;
/**
 * Filters around the one that fills gaps, which add silence before a track: silent samples before 0 s, so that the gap
 * after them is filled, and then removed up to 0 s. `first_pts` of aresample would repeat the silence each time that the
 * channels of a broadcast change; ainterleave never ends in the 2018 build if the output ends before its input.
 *
 * concat moves the track to the end of the silence, so its timestamps are moved back. Half a sample is kept: aresample
 * rounds a gap down.
 */
const buildLeadFilters = (leadSeconds: number, gapFilter: string, label: string): readonly string[] => {
  const maxSeconds = (leadMarginSeconds + leadSeconds + 0.5).toFixed(3);
  const moved = `st(0,eq(T,0)*${leadSamples - 0.5}/SR/TB)`;
  return [
    [
      `aformat=sample_fmts=fltp,asetpts=PTS+${leadMarginSeconds}/TB,asplit[${label}a][${label}b]`,
      `[${label}b]atrim=end_sample=${leadSamples},aselect='lt(t,${maxSeconds})',volume=0,asetpts=0[${label}s]`,
      `[${label}s][${label}a]concat=v=0:a=1`,
    ].join(";"),
    `asetpts='PTS-${leadMarginSeconds}/TB-if(N,ld(0),0*${moved})'`,
    gapFilter,
    "atrim=start=0",
  ];
};

/** Ceiling of an output: measured with its level, else its codec's. */
const getCeiling = ({ level, ceilingDbtp }: AudioFilterOptions): number | undefined =>
  level === undefined ? ceilingDbtp : level.ceilingDbtp;

/** Filters that place a track's samples at their timestamps: silence at its start and in gaps. */
const buildSyncFilters = (
  track: AudioProbe,
  options: AudioFilterOptions,
  label: string,
): readonly string[] => {
  const { sampleRate = defaultSampleRate, seekSeconds = 0, shiftSeconds = 0 } = options;
  // A limiter needs one sample rate, even if the source changes its own.
  const rate = sampleRate === "source" && getCeiling(options) !== undefined ? track.sampleRate : sampleRate;
  const isShifted = Math.abs(shiftSeconds) > minShiftSeconds;
  const startSeconds = Math.max(0, (track.startSeconds ?? 0) - seekSeconds);
  const leadSeconds = startSeconds + (isShifted ? shiftSeconds : 0);
  const gapFilter = `aresample=${rate === "source" ? "" : `${rate}:`}async=1:min_hard_comp=${maxDriftSeconds}`;
  return [
    ...(isShifted ? [`asetpts=PTS+${shiftSeconds.toFixed(4)}/TB`] : []),
    ...(isShifted || seekSeconds > 0 ? ["atrim=start=0"] : []),
    ...(leadSeconds > minLeadSeconds ? buildLeadFilters(leadSeconds, gapFilter, label) : [gapFilter]),
  ];
};

/** ffmpeg's layout of an output: the source's if it is known and keeps its channels. */
const getLayout = ({ channels, channelLayout }: AudioProbe, outputChannels: number): string => {
  if (outputChannels <= 2) return outputChannels === 1 ? "mono" : "stereo";
  return channels === outputChannels && channelLayout !== undefined ? channelLayout : `${outputChannels}c`;
};

/** Filters for channels and level. */
const buildMixFilters = (
  track: AudioProbe,
  options: AudioFilterOptions,
  label: string,
): readonly string[] => {
  const { channels = 2, sampleRate = defaultSampleRate, level, meter } = options;
  const ceilingDbtp = getCeiling(options);
  return [
    ...(channels === 1 || channels === 2 ? buildDownmixFilters(track, channels) : []),
    ...(level === undefined || level.gainDb === 0 ? [] : [`volume=${level.gainDb.toFixed(2)}dB`]),
    ...(ceilingDbtp === undefined
      ? []
      : [
          buildPeakLimiter(
            {
              ceilingDbtp,
              sampleRate: sampleRate === "source" ? track.sampleRate : sampleRate,
              channels,
              layout: getLayout(track, channels),
            },
            `${label}l`,
          ),
        ]),
    ...(meter === undefined ? [] : [buildLoudnessMeter(meter)]),
  ];
};

/** The track that a pair becomes. */
const describeStereo = (left: AudioProbe): AudioProbe => ({ ...left, channels: 2, channelLayout: "stereo" });

/** Channels of a group, before a downmix: two for a pair of mono tracks. */
export const countChannels = ([first, second]: AudioTrackGroup): number =>
  second === undefined ? first.channels : 2;

/**
 * Builds the filters of one output track from its tracks in the source: timing, channels, level.
 *
 * @param label prefix of link labels
 * @returns a filter for a single track; for a pair, a graph from `[0:1][0:2]` without a label at its end
 */
export const buildAudioFilters = (
  group: AudioTrackGroup,
  options: AudioFilterOptions = {},
  label = "audio",
): string => {
  const [first, second] = group;
  if (second === undefined)
    return [...buildSyncFilters(first, options, label), ...buildMixFilters(first, options, label)].join(",");
  const lines = [first, second].map((track, index) =>
    [
      `[0:${track.index}]${buildSyncFilters(track, options, `${label}${index}`).join(",")}`,
      `aformat=sample_fmts=fltp:channel_layouts=mono[${label}${index}m]`,
    ].join(","),
  );
  const join = `[${label}0m][${label}1m]join=inputs=2:channel_layout=stereo:map=0.0-FL|1.0-FR`;
  return [...lines, [join, ...buildMixFilters(describeStereo(first), options, label)].join(",")].join(";");
};

/** Builds the part of a filter graph that makes the only audio track of an output, with this label. */
export const buildAudioGraph = (group: AudioTrackGroup, options: AudioFilterOptions, label: string): string =>
  `${group.length === 1 ? `[0:${group[0].index}]` : ""}${buildAudioFilters(group, options, label)}[${label}]`;

/**
 * Builds the arguments that map the only audio track of an output. A pair has a graph of its own: it is configured anew
 * when its audio changes, which must not interrupt video.
 *
 * @param label unique among the outputs of a process
 */
export const buildAudioMapArguments = (
  group: AudioTrackGroup,
  options: AudioFilterOptions = {},
  label = "audio",
): readonly string[] =>
  group.length === 1
    ? ["-map", `0:${group[0].index}`, "-filter:a", buildAudioFilters(group, options, label)]
    : ["-filter_complex", buildAudioGraph(group, options, label), "-map", `[${label}]`];
