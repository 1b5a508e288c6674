import { roundDownToEven, type Size } from "../media/geometry.ts";

/** How a picture gets its size: scaled, then cut, then laid on a larger black one. */
export interface Sizing {
  readonly scale: Size;
  readonly crop?: Size;
  readonly pad?: Size;
  /** Size of the finished picture. */
  readonly result: Size;
}
export interface SizingRequest {
  /** Pixels as shown, after rotation. */
  readonly source: Size;
  /** Upper bounds; undefined where the preset says `auto`. */
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  /** Fit, Fill, Stretch, Keep, ShrinkToFit or ShrinkToFill. */
  readonly sizingPolicy: string;
  /** Pad or NoPad. */
  readonly paddingPolicy: string;
  /** Rows come in this many: two, and four where each field of a frame has its own chroma. Default 2. */
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
    default:
      return scaleSize(source, Math.min(1, fit));
  }
};

/**
 * SizingPolicy and PaddingPolicy (Elastic Transcoder developer guide, "Preset settings"). All sizes are even.
 * Without a bound in one direction the shape of the source decides it.
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
 * The filters of a sizing.
 *
 * @param matrixOptions options of `scale` that change the colour matrix
 */
export const buildSizingFilters = ({ scale, crop, pad }: Sizing, matrixOptions = ""): readonly string[] => [
  `scale=${scale.width}:${scale.height}:flags=bicubic${matrixOptions}`,
  ...(crop === undefined ? [] : [`crop=${crop.width}:${crop.height}`]),
  ...(pad === undefined ? [] : [`pad=${pad.width}:${pad.height}:(ow-iw)/2:(oh-ih)/2`]),
  "setsar=1",
];
