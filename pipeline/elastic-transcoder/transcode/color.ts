import type { Size } from "../../media/geometry.ts";
import type { VideoParameters } from "../presets/preset.ts";

type Matrix = "bt601" | "bt709";
/** Source and target color matrix. */
export interface ColorConversion {
  readonly from: Matrix;
  readonly to: Matrix;
}

const toHd: ColorConversion = { from: "bt601", to: "bt709" };
const toSd: ColorConversion = { from: "bt709", to: "bt601" };
const isHd = ({ width, height }: Size): boolean => width === 1920 && height === 1080;
const isSd = ({ width, height }: Size): boolean => width === 720 && (height === 480 || height === 576);
const automaticRates = new Set(["23.97", "24", "25", "29.97", "50", "60"]);

/**
 * Resolves `ColorSpaceConversionMode`. `Auto` converts interlaced output of certain frame rates, if it is not
 * segmented, between 720×480 or 720×576 and 1920×1080 (API reference, VideoParameters, CodecOptions).
 */
export const resolveColorConversion = (
  video: VideoParameters,
  context: {
    readonly source: Size;
    readonly result: Size;
    readonly interlaced: boolean;
    readonly segmented: boolean;
  },
): ColorConversion | undefined => {
  switch (video.CodecOptions?.ColorSpaceConversionMode?.toLowerCase()) {
    case "bt709tobt601":
      return toSd;
    case "bt601tobt709":
      return toHd;
    case "auto":
      if (!context.interlaced || context.segmented || !automaticRates.has(video.FrameRate ?? ""))
        return undefined;
      if (isSd(context.source) && isHd(context.result)) return toHd;
      return isHd(context.source) && isSd(context.result) ? toSd : undefined;
    default:
      return undefined;
  }
};

/** Options of ffmpeg's `scale` filter for a conversion. */
export const buildMatrixOptions = (conversion: ColorConversion | undefined): string =>
  conversion === undefined ? "" : `:in_color_matrix=${conversion.from}:out_color_matrix=${conversion.to}`;

/** Color metadata that the encoder writes for a converted video. */
export const buildColorArguments = (conversion: ColorConversion | undefined): readonly string[] => {
  if (conversion === undefined) return [];
  const name = conversion.to === "bt709" ? "bt709" : "smpte170m";
  return ["-colorspace", name, "-color_primaries", name, "-color_trc", name];
};
