import { roundDownToEven, type Size } from "../media/geometry.ts";
import { computeSizing, type Sizing } from "./sizing.ts";

/** A preset's size settings for its video or its thumbnails. */
export interface SizeParameters {
  readonly MaxWidth?: string;
  readonly MaxHeight?: string;
  readonly SizingPolicy?: string;
  readonly PaddingPolicy?: string;
  readonly Resolution?: string;
  readonly AspectRatio?: string;
}
export interface VideoSize {
  readonly sizing: Sizing;
  /** Display aspect ratio, if the pixels are not square. */
  readonly displayAspectRatio?: string;
}

const parsePixels = (text: string | undefined, autoPixels: number): number =>
  text === undefined || text === "auto" ? autoPixels : Number(text);

/** Deprecated settings: a frame of exactly this size and shape, with the whole video between black bars. */
const computeLetterboxSizing = (
  frame: Size,
  aspectRatio: number,
  source: Size,
  heightMultiple: 2 | 4,
): Sizing => {
  const widthFactor = Math.min(1, source.width / source.height / aspectRatio);
  const heightFactor = Math.min(1, aspectRatio / (source.width / source.height));
  const box: Size = {
    width: roundDownToEven(frame.width),
    height: Math.floor(frame.height / heightMultiple) * heightMultiple,
  };
  const scale: Size = {
    width: roundDownToEven(box.width * widthFactor + 1e-6),
    height: Math.max(
      heightMultiple,
      Math.floor((box.height * heightFactor + 1e-6) / heightMultiple) * heightMultiple,
    ),
  };
  const isPadded = scale.width !== box.width || scale.height !== box.height;
  return { scale, ...(isPadded ? { pad: box } : {}), result: box };
};

const parseRatio = (text: string): number => {
  const [across = 1, down = 1] = text.split(":").map(Number);
  return across / down;
};

const computeLegacySize = (video: SizeParameters, source: Size, heightMultiple: 2 | 4): VideoSize => {
  const resolution = /^(\d+)x(\d+)$/.exec(video.Resolution ?? "");
  const size: Size =
    resolution === null ? source : { width: Number(resolution[1]), height: Number(resolution[2]) };
  const aspect = video.AspectRatio ?? "auto";
  if (aspect === "auto")
    return {
      sizing: computeSizing({
        source,
        maxWidth: size.width,
        maxHeight: size.height,
        sizingPolicy: "Fit",
        paddingPolicy: "NoPad",
        heightMultiple,
      }),
    };
  const aspectRatio = parseRatio(aspect);
  if (resolution !== null)
    return {
      sizing: computeLetterboxSizing(size, aspectRatio, source, heightMultiple),
      displayAspectRatio: aspect.replace(":", "/"),
    };
  const isWide = source.width / source.height > aspectRatio;
  const frame: Size = isWide
    ? { width: source.width, height: source.width / aspectRatio }
    : { width: source.height * aspectRatio, height: source.height };
  return { sizing: computeLetterboxSizing(frame, aspectRatio, source, heightMultiple) };
};

/**
 * Computes the frame size for a preset: from MaxWidth and MaxHeight (`auto` is 1920 and 1080) and the policies, or from
 * the deprecated Resolution and AspectRatio, which keep the source's shape or add black bars.
 */
export const computeVideoSize = (
  parameters: SizeParameters,
  source: Size,
  heightMultiple: 2 | 4 = 2,
): VideoSize => {
  if (parameters.Resolution !== undefined) return computeLegacySize(parameters, source, heightMultiple);
  return {
    sizing: computeSizing({
      source,
      maxWidth: parsePixels(parameters.MaxWidth, 1920),
      maxHeight: parsePixels(parameters.MaxHeight, 1080),
      sizingPolicy: parameters.SizingPolicy ?? "ShrinkToFit",
      paddingPolicy: parameters.PaddingPolicy ?? "NoPad",
      heightMultiple,
    }),
  };
};
