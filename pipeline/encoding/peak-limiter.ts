/** A lower ceiling would limit the pilot of the gain. */
export const minCeilingDbtp = -12;

/** What a limiter gets and must not exceed. */
export interface PeakLimiter {
  /** Maximum true peak (ITU-R BS.1770-5, annex 2), dBTP; at least `minCeilingDbtp`. */
  readonly ceilingDbtp: number;
  /** Sample rate of its input and output, Hz. */
  readonly sampleRate: number;
  /** Channels of its input and output. */
  readonly channels: number;
  /** ffmpeg's name of the channel layout, e.g. `stereo`. */
  readonly layout: string;
}

const oversampling = 4;
const attackMs = 5;
const releaseMs = 50;
/** A constant signal that the limiter passes: where it is lower, audio is limited. Exact in 16 bits. */
const pilot = 0.25;

/** Channels of a track in pairs: alimiter compares peaks of its first two channels only. */
const listPairs = (channels: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(channels / 2) }, (_, pair) =>
    [2 * pair, 2 * pair + 1].filter((channel) => channel < channels),
  );

/** Samples by which alimiter delays: its lookahead, without the sample at hand. */
const computeDelay = (sampleRate: number): number => Math.floor((sampleRate * attackMs) / 1000 + 1e-6) - 1;

/** Filters from oversampled audio to the gain of one pair of channels, times `pilot`. */
const buildGainFilters = (
  pair: readonly number[],
  { ceilingDbtp, sampleRate }: PeakLimiter,
  label: string,
): string => {
  const rate = oversampling * sampleRate;
  const delay = computeDelay(rate);
  const layout = pair.length === 1 ? "mono" : "stereo";
  const channels = pair.map((channel, index) => `c${index}=c${channel}`).join("|");
  return [
    `[${label}]asplit[${label}a][${label}p]`,
    `[${label}a]pan=${layout}|${channels},aformat=sample_fmts=dbl:channel_layouts=${layout}[${label}b]`,
    `[${label}p]pan=mono|c0=0*c0,dcshift=${pilot},aformat=sample_fmts=dbl:channel_layouts=mono[${label}q]`,
    [
      `[${label}b][${label}q]amerge`,
      `apad=pad_len=${delay}`,
      `alimiter=limit=${(10 ** (ceilingDbtp / 20)).toFixed(4)}:attack=${attackMs}:release=${releaseMs}:level=0`,
      `atrim=start_sample=${delay}`,
      `asetpts=PTS-${delay}/SR/TB`,
      `pan=mono|c0=c${pair.length}`,
      `aresample=${sampleRate}`,
      `aformat=sample_fmts=s16:channel_layouts=mono[${label}g]`,
    ].join(","),
  ].join(";");
};

/**
 * Builds a limiter of the true peak. It measures peaks at four times the sample rate and multiplies the samples by a
 * gain, so that audio below the ceiling passes bit by bit. It adds no delay and keeps the number of samples.
 *
 * Pairs of channels are limited apart. Samples of dense noise can exceed the ceiling by 1.7 dB.
 *
 * @param label prefix of link labels
 * @returns a graph without labels at its start and end
 */
export const buildPeakLimiter = (limiter: PeakLimiter, label: string): string => {
  const { channels, layout, sampleRate } = limiter;
  const pairs = listPairs(channels);
  const labels = pairs.map((_, pair) => `${label}${pair}`);
  const gains = Array.from({ length: channels }, (_, channel) => `c${channel}=c${Math.floor(channel / 2)}`);
  const format = (sampleFormat: string) => `aformat=sample_fmts=${sampleFormat}:channel_layouts=${layout}`;
  const limited = Array.from({ length: channels }, (_, channel) => `c${channel}=c${channels + channel}`);
  return [
    `${format("dblp")},asplit=3[${label}m][${label}s][${label}t]`,
    `[${label}s]aresample=${oversampling * sampleRate}${pairs.length > 1 ? `,asplit=${pairs.length}` : ""}${labels.map((name) => `[${name}]`).join("")}`,
    ...pairs.map((pair, index) => buildGainFilters(pair, limiter, labels[index] ?? "")),
    `${labels.map((name) => `[${name}g]`).join("")}${pairs.length > 1 ? `amerge=inputs=${pairs.length},` : ""}pan=${layout}|${gains.join("|")},${format("dblp")}[${label}h]`,
    `[${label}m][${label}h]amultiply,volume=${1 / pilot},${format("dbl")}[${label}r]`,
    // The 2018 build's amultiply counts timestamps from 0; amerge takes those of its first input.
    `[${label}t]${format("dbl")}[${label}u];[${label}u][${label}r]amerge,pan=${layout}|${limited.join("|")}`,
  ].join(";");
};
