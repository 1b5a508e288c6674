import type { AudioProbe } from "../media/probe.ts";

/** Coefficient of a channel in the left or right output channel. */
type Coefficients = Readonly<Record<string, number>>;

/** −3 dB: center and surround channels (ITU-R BS.775-3, table 2). */
const minus3Db = Math.round(Math.SQRT1_2 * 10_000) / 10_000;

/** Channels of the left output by ffmpeg's names. LFE is left out (ITU-R BS.775-3, annex 4). */
const namedLeft: Coefficients = {
  FL: 1,
  DL: 1,
  FLC: 1,
  FC: minus3Db,
  BL: minus3Db,
  SL: minus3Db,
  WL: minus3Db,
  TFL: minus3Db,
  TBL: minus3Db,
  BC: 0.5,
};
const oppositeNames: Readonly<Record<string, string>> = {
  FL: "FR",
  DL: "DR",
  FLC: "FRC",
  BL: "BR",
  SL: "SR",
  WL: "WR",
  TFL: "TFR",
  TBL: "TBR",
};

/** Layouts of which only the number of channels is known, as in WAV and FLAC: left and right, center, LFE, surround. */
const leftByCount: Readonly<Record<number, Coefficients>> = {
  1: { c0: 1 },
  2: { c0: 1 },
  3: { c0: 1, c2: minus3Db },
  4: { c0: 1, c2: minus3Db },
  5: { c0: 1, c2: minus3Db, c3: minus3Db },
  6: { c0: 1, c2: minus3Db, c4: minus3Db },
  7: { c0: 1, c2: minus3Db, c4: 0.5, c5: minus3Db },
  8: { c0: 1, c2: minus3Db, c4: minus3Db, c6: minus3Db },
};
const rightByCount: Readonly<Record<number, Coefficients>> = {
  1: { c0: 1 },
  2: { c1: 1 },
  3: { c1: 1, c2: minus3Db },
  4: { c1: 1, c3: minus3Db },
  5: { c1: 1, c2: minus3Db, c4: minus3Db },
  6: { c1: 1, c2: minus3Db, c5: minus3Db },
  7: { c1: 1, c2: minus3Db, c4: 0.5, c6: minus3Db },
  8: { c1: 1, c2: minus3Db, c5: minus3Db, c7: minus3Db },
};

/** Of more channels, the odd ones are left and the even ones right. */
const buildAlternating = (channels: number, first: 0 | 1): Coefficients =>
  Object.fromEntries(
    Array.from({ length: channels }, (_, index) => index)
      .filter((index) => index % 2 === first)
      .map((index) => [`c${index}`, minus3Db]),
  );

/** Layouts whose channels have names that `namedLeft` knows, e.g. `5.1(side)` and `3 channels (FL+FR+LFE)`. */
const namedLayout =
  /^(?:mono|stereo|downmix|quad|(?:hexa|octa|hexadeca)gonal|cube|\d+\.\d+(?:\.\d+)?)(?:\(\w+\))?$|\bF[LR]\+/;

const mirror = (coefficients: Coefficients): Coefficients =>
  Object.fromEntries(
    Object.entries(coefficients).map(([name, value]) => [oppositeNames[name] ?? name, value]),
  );

const selectCoefficients = ({
  channels,
  channelLayout = "",
}: AudioProbe): readonly [left: Coefficients, right: Coefficients] => {
  // The first channel of ambisonic audio is omnidirectional (AmbiX, ACN 0).
  if (channelLayout.startsWith("ambisonic")) return [{ c0: 1 }, { c0: 1 }];
  if (namedLayout.test(channelLayout)) {
    const left = channels === 1 ? { ...namedLeft, FC: 1 } : namedLeft;
    return [left, mirror(left)];
  }
  return [
    leftByCount[channels] ?? buildAlternating(channels, 0),
    rightByCount[channels] ?? buildAlternating(channels, 1),
  ];
};

const formatSum = (coefficients: Coefficients): string =>
  Object.entries(coefficients)
    .map(([name, value]) => (value === 1 ? name : `${value}*${name}`))
    .join("+");

const average = (left: Coefficients, right: Coefficients): Coefficients => {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return Object.fromEntries(
    names.map((name) => [name, Math.round(((left[name] ?? 0) + (right[name] ?? 0)) * 5000) / 10_000]),
  );
};

/**
 * Builds the filters that mix any number of channels to stereo or mono, with the coefficients of ITU-R BS.775-3. Named
 * channels that the source lacks do not count, so the mix stays right if a broadcast changes from stereo to 5.1. Mono is
 * the average of left and right.
 *
 * The sum of more than two channels can exceed full scale; in floating point it does not clip before a limiter.
 */
export const buildDownmixFilters = (source: AudioProbe, channels: 1 | 2): readonly string[] => {
  const [left, right] = selectCoefficients(source);
  return [
    "aformat=sample_fmts=fltp",
    channels === 2
      ? `pan=stereo|c0=${formatSum(left)}|c1=${formatSum(right)}`
      : `pan=mono|c0=${formatSum(average(left, right))}`,
  ];
};
