import type { ColorMatrix, SourceColor } from "../media/color.ts";
import type { Capabilities } from "./capabilities.ts";

/** HDR reference white (Report ITU-R BT.2408, 2.2), cd/m². 1.0 in the linear signal. */
const referenceWhiteNits = 203;
/** Brightest code value of each transfer: ST 2084, and BT.2100 HLG on its nominal display, cd/m². */
const peakNits = { pq: 10_000, hlg: 1000 } as const;
/**
 * Linear light up to here stays unchanged; above, the curve bends towards the peak. Mid-grey and skin are below half of
 * reference white, which itself becomes 89 % of the SDR signal.
 */
const linearLimit = 0.5;

const zscaleMatrices: Readonly<Record<ColorMatrix, string>> = {
  rgb: "gbr",
  bt601: "470bg",
  bt709: "709",
  bt2020: "2020_ncl",
  smpte240m: "709",
  fcc: "fcc",
  ycgco: "ycgco",
  ictcp: "ictcp",
};
const zscaleTransfers = { pq: "smpte2084", hlg: "arib-std-b67" } as const;
const zscalePrimaries: Readonly<Record<SourceColor["primaries"], string>> = {
  bt709: "709",
  bt470bg: "bt470bg",
  smpte170m: "170m",
  bt2020: "2020",
  smpte431: "smpte431",
  smpte432: "smpte432",
};

const buildSourceOptions = ({ matrix, range, primaries }: SourceColor): string =>
  `min=${zscaleMatrices[matrix]}:rin=${range}:pin=${zscalePrimaries[primaries]}`;

/** True if only `zscale` can convert a source: `scale` knows neither transfer nor primaries. */
export const shouldUseZscale = ({ kind, matrix }: SourceColor): boolean =>
  kind !== "sdr" || matrix === "ycgco" || matrix === "ictcp";

/** Frames that a conversion by `zscale` ends with: BT.709 as limited-range YUV, or as RGB. */
export type ConvertedFormat = "yuv420p" | "yuv422p" | "gbrp";

const buildTargetFilters = (format: ConvertedFormat): string =>
  `p=709:t=709:${format === "gbrp" ? "m=gbr:r=pc" : "m=709:r=tv"},format=${format}`;

/**
 * Builds the filters that convert a source to SDR BT.709 with `zscale`. HDR is made linear, brought to the primaries of
 * BT.709 and tone-mapped with one factor for all channels, which keeps hues.
 *
 * Neither the mastering metadata nor MaxCLL is used: many files have wrong ones, and the curve changes by less than 1 %
 * between a peak of 4,000 and 10,000 cd/m².
 */
export const buildZscaleFilters = (
  source: SourceColor,
  format: ConvertedFormat,
  { hasLuminanceOotf }: Pick<Capabilities, "hasLuminanceOotf">,
): readonly string[] => {
  if (source.kind === "sdr" || source.kind === "wide-gamut")
    return [`zscale=${buildSourceOptions(source)}:tin=709:${buildTargetFilters(format)}`];
  // Without the exact mode, zscale applies HLG's system gamma to each channel, which saturates colors.
  const exactMode = source.kind === "hlg" && hasLuminanceOotf ? ":agamma=0" : "";
  return [
    `zscale=${buildSourceOptions(source)}:tin=${zscaleTransfers[source.kind]}:p=709:t=linear:npl=${referenceWhiteNits}${exactMode}`,
    "format=gbrpf32le",
    `tonemap=mobius:param=${linearLimit}:desat=0:peak=${(peakNits[source.kind] / referenceWhiteNits).toFixed(3)}`,
    `zscale=pin=709:tin=linear:${buildTargetFilters(format)}`,
  ];
};
