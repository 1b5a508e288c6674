import { roundDownToEven, type Size } from "../media/geometry.ts";

/** How a frame gets its size: scale, then crop, then pad with black bars. */
export interface Sizing {
  readonly scale: Size;
  readonly crop?: Size;
  readonly pad?: Size;
  /** Final size of the frame. */
  readonly result: Size;
}
export interface SizingRequest {
  /** Display size, after rotation. */
  readonly source: Size;
  /** Upper bounds, pixels; undefined for `auto`. */
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  /** Fit, Fill, Stretch, Keep, ShrinkToFit or ShrinkToFill. */
  readonly sizingPolicy: string;
  /** Pad or NoPad. */
  readonly paddingPolicy: string;
  /** The height is a multiple of this: 4 for interlaced video, in which each field has its own chroma. Default 2. */
  readonly heightMultiple?: 2 | 4;
}

const scaleSize = (size: Size, factor: number): Size => ({
  width: roundDownToEven(size.width * factor + 1e-6),
  height: roundDownToEven(size.height * factor + 1e-6),
});
const intersectSizes = (a: Size, b: Size): Size => ({
  width: Math.min(a.width, b.width),
  height: Math.min(a.height, b.height),
});
const roundHeightDown = (size: Size, heightMultiple: 2 | 4): Size => ({
  width: size.width,
  height: Math.max(heightMultiple, Math.floor(size.height / heightMultiple) * heightMultiple),
});
const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

const computeScale = (policy: string, source: Size, box: Size): Size => {
  const fit = Math.min(box.width / source.width, box.height / source.height);
  const fill = Math.max(box.width / source.width, box.height / source.height);
  switch (policy) {
    case "Fit":
      return scaleSize(source, fit);
    case "Fill": {
      const size = scaleSize(source, fill);
      return { width: Math.max(size.width, box.width), height: Math.max(size.height, box.height) };
    }
    case "Stretch":
      return box;
    case "Keep":
      return scaleSize(source, 1);
    case "ShrinkToFill":
      return scaleSize(source, Math.min(1, fill));
    default: // ShrinkToFit: like Fit, but never enlarges
      return scaleSize(source, Math.min(1, fit));
  }
};

/**
 * Applies SizingPolicy and PaddingPolicy (Elastic Transcoder developer guide, "Preset settings"). All sizes are even.
 * Without a bound in one direction, the source's aspect ratio determines it.
 */
export const computeSizing = (request: SizingRequest): Sizing => {
  const { source } = request;
  const box: Size = {
    width: roundDownToEven(
      request.maxWidth ??
        (request.maxHeight === undefined ? source.width : (source.width * request.maxHeight) / source.height),
    ),
    height: roundDownToEven(
      request.maxHeight ??
        (request.maxWidth === undefined ? source.height : (source.height * request.maxWidth) / source.width),
    ),
  };
  const heightMultiple = request.heightMultiple ?? 2;
  const frame = roundHeightDown(box, heightMultiple);
  const scale = computeScale(request.sizingPolicy, source, frame);
  const croppedSize = roundHeightDown(intersectSizes(scale, frame), heightMultiple);
  const result = request.paddingPolicy === "Pad" ? frame : croppedSize;
  return {
    scale,
    crop: isSameSize(scale, croppedSize) ? undefined : croppedSize,
    pad: isSameSize(croppedSize, result) ? undefined : result,
    result,
  };
};

/**
 * Builds ffmpeg's filters for a sizing.
 *
 * @param buildScaleFilters builds the filters that scale to a size and convert the color
 */
export const buildSizingFilters = (
  { scale, crop, pad }: Sizing,
  buildScaleFilters: (size: Size) => readonly string[],
): readonly string[] => [
  ...buildScaleFilters(scale),
  ...(crop === undefined ? [] : [`crop=${crop.width}:${crop.height}`]),
  ...(pad === undefined ? [] : [`pad=${pad.width}:${pad.height}:(ow-iw)/2:(oh-ih)/2`]),
  "setsar=1",
];
