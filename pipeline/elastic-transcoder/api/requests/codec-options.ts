/** Describes what is wrong with the value of a codec option; undefined if it is valid. */
type OptionCheck = (value: string) => string | undefined;
export type OptionChecks = Readonly<Record<string, OptionCheck>>;

const oneOf =
  (...values: readonly string[]): OptionCheck =>
  (value) =>
    values.includes(value) ? undefined : `must satisfy enum value set: [${values.join(", ")}]`;
const integerBetween =
  (min: number, max: number): OptionCheck =>
  (value) =>
    /^\d{1,7}$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `must be an integer between ${min} and ${max}`;

const rateControlChecks: OptionChecks = {
  MaxBitRate: integerBetween(16, 62_500),
  BufferSize: integerBetween(1, 9_999_999),
};
const interlaceChecks: OptionChecks = {
  InterlacedMode: oneOf("Progressive", "TopFirst", "BottomFirst", "Auto"),
  ColorSpaceConversionMode: oneOf(
    "None",
    "Bt709ToBt601",
    "Bt709toBt601",
    "Bt601ToBt709",
    "Bt601toBt709",
    "Auto",
  ),
};

/** `Video:CodecOptions` by codec (developer guide, "Preset settings"). */
export const videoOptionChecks: Readonly<Record<string, OptionChecks>> = {
  "H.264": {
    Profile: oneOf("baseline", "main", "high"),
    Level: oneOf("1", "1b", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "3", "3.1", "3.2", "4", "4.1"),
    MaxReferenceFrames: integerBetween(0, 16),
    ...rateControlChecks,
    ...interlaceChecks,
  },
  mpeg2: { ChromaSubsampling: oneOf("yuv420p", "yuv422p"), ...rateControlChecks, ...interlaceChecks },
  vp8: { Profile: oneOf("0", "1", "2", "3"), ...rateControlChecks },
  vp9: { Profile: oneOf("0"), ...rateControlChecks },
  gif: { LoopCount: (value) => (value === "Infinite" ? undefined : integerBetween(0, 100)(value)) },
};

/** `Audio:CodecOptions` by codec. */
export const audioOptionChecks: Readonly<Record<string, OptionChecks>> = {
  AAC: { Profile: oneOf("auto", "AAC-LC", "HE-AAC", "HE-AACv2") },
  flac: { BitDepth: oneOf("16", "24") },
  pcm: {
    BitDepth: oneOf("8", "16", "24", "32"),
    BitOrder: oneOf("LittleEndian"),
    Signed: oneOf("Signed", "Unsigned"),
  },
  mp2: {},
  mp3: {},
  vorbis: {},
};

/** Violations in a codec's options. Each message names the field by its path. */
export const findOptionErrors = (
  path: string,
  codec: string,
  checks: OptionChecks | undefined,
  options: Readonly<Record<string, string>>,
): readonly string[] =>
  Object.entries(options).flatMap(([name, value]) => {
    const check = checks?.[name];
    if (check === undefined) return [`'${path}.${name}' is not an option of codec ${codec}`];
    const problem = check(value);
    return problem === undefined
      ? []
      : [
          `Value '${value.slice(0, 64)}' at '${path}.${name}' failed to satisfy constraint: Member ${problem}`,
        ];
  });
