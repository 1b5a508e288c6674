import { even, type Size } from "../media/geometry.ts";

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
  readonly rows?: 2 | 4;
}

const scaled = (size: Size, factor: number): Size => ({
  width: even(size.width * factor + 1e-6),
  height: even(size.height * factor + 1e-6),
});
const smaller = (a: Size, b: Size): Size => ({
  width: Math.min(a.width, b.width),
  height: Math.min(a.height, b.height),
});
const fields = (size: Size, rows: 2 | 4): Size => ({
  width: size.width,
  height: Math.max(rows, Math.floor(size.height / rows) * rows),
});
const same = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

const scaleFor = (policy: string, source: Size, box: Size): Size => {
  const fit = Math.min(box.width / source.width, box.height / source.height);
  const fill = Math.max(box.width / source.width, box.height / source.height);
  switch (policy) {
    case "Fit":
      return scaled(source, fit);
    case "Fill": {
      const size = scaled(source, fill);
      return { width: Math.max(size.width, box.width), height: Math.max(size.height, box.height) };
    }
    case "Stretch":
      return box;
    case "Keep":
      return scaled(source, 1);
    case "ShrinkToFill":
      return scaled(source, Math.min(1, fill));
    default:
      return scaled(source, Math.min(1, fit));
  }
};

/**
 * SizingPolicy and PaddingPolicy (Elastic Transcoder developer guide, "Preset settings"). All sizes are even.
 * Without a bound in one direction the shape of the source decides it.
 */
export const sizePicture = (request: SizingRequest): Sizing => {
  const { source } = request;
  const box: Size = {
    width: even(
      request.maxWidth ??
        (request.maxHeight === undefined ? source.width : (source.width * request.maxHeight) / source.height),
    ),
    height: even(
      request.maxHeight ??
        (request.maxWidth === undefined ? source.height : (source.height * request.maxWidth) / source.width),
    ),
  };
  const rows = request.rows ?? 2;
  const frame = fields(box, rows);
  const scale = scaleFor(request.sizingPolicy, source, frame);
  const cut = fields(smaller(scale, frame), rows);
  const result = request.paddingPolicy === "Pad" ? frame : cut;
  return {
    scale,
    crop: same(scale, cut) ? undefined : cut,
    pad: same(cut, result) ? undefined : result,
    result,
  };
};

/**
 * The filters of a sizing.
 *
 * @param matrices options of `scale` that change the colour matrix
 */
export const sizingFilters = ({ scale, crop, pad }: Sizing, matrices = ""): readonly string[] => [
  `scale=${scale.width}:${scale.height}:flags=bicubic${matrices}`,
  ...(crop === undefined ? [] : [`crop=${crop.width}:${crop.height}`]),
  ...(pad === undefined ? [] : [`pad=${pad.width}:${pad.height}:(ow-iw)/2:(oh-ih)/2`]),
  "setsar=1",
];
