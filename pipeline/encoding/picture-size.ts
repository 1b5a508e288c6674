import { even, type Size } from "../media/geometry.ts";
import { type Sizing, sizePicture } from "./sizing.ts";

/** What a preset says of the size of its picture or its thumbnails. */
export interface SizeParameters {
  readonly MaxWidth?: string;
  readonly MaxHeight?: string;
  readonly SizingPolicy?: string;
  readonly PaddingPolicy?: string;
  readonly Resolution?: string;
  readonly AspectRatio?: string;
}
export interface PictureSize {
  readonly sizing: Sizing;
  /** Shape the frame is shown in, where its pixels are not square. */
  readonly display?: string;
}

const pixels = (text: string | undefined, automatic: number): number =>
  text === undefined || text === "auto" ? automatic : Number(text);

/** The old way: a frame of just this size and shape, the picture whole in it between black bars. */
const framed = (frame: Size, shape: number, source: Size, rows: 2 | 4): Sizing => {
  const across = Math.min(1, source.width / source.height / shape);
  const down = Math.min(1, shape / (source.width / source.height));
  const box: Size = { width: even(frame.width), height: Math.floor(frame.height / rows) * rows };
  const scale: Size = {
    width: even(box.width * across + 1e-6),
    height: Math.max(rows, Math.floor((box.height * down + 1e-6) / rows) * rows),
  };
  const padded = scale.width !== box.width || scale.height !== box.height;
  return { scale, ...(padded ? { pad: box } : {}), result: box };
};

const ratioOf = (text: string): number => {
  const [across = 1, down = 1] = text.split(":").map(Number);
  return across / down;
};

const oldSize = (video: SizeParameters, source: Size, rows: 2 | 4): PictureSize => {
  const named = /^(\d+)x(\d+)$/.exec(video.Resolution ?? "");
  const size: Size = named === null ? source : { width: Number(named[1]), height: Number(named[2]) };
  const aspect = video.AspectRatio ?? "auto";
  if (aspect === "auto")
    return {
      sizing: sizePicture({
        source,
        maxWidth: size.width,
        maxHeight: size.height,
        sizingPolicy: "Fit",
        paddingPolicy: "NoPad",
        rows,
      }),
    };
  const shape = ratioOf(aspect);
  if (named !== null) return { sizing: framed(size, shape, source, rows), display: aspect.replace(":", "/") };
  const wide = source.width / source.height > shape;
  const frame: Size = wide
    ? { width: source.width, height: source.width / shape }
    : { width: source.height * shape, height: source.height };
  return { sizing: framed(frame, shape, source, rows) };
};

/**
 * How a picture gets a preset's size: by its bounds (`auto` is 1920 and 1080) and policies, or in the old way by
 * Resolution and AspectRatio, which keeps the source's shape or puts it between bars.
 */
export const pictureSize = (given: SizeParameters, source: Size, rows: 2 | 4 = 2): PictureSize => {
  if (given.Resolution !== undefined) return oldSize(given, source, rows);
  return {
    sizing: sizePicture({
      source,
      maxWidth: pixels(given.MaxWidth, 1920),
      maxHeight: pixels(given.MaxHeight, 1080),
      sizingPolicy: given.SizingPolicy ?? "ShrinkToFit",
      paddingPolicy: given.PaddingPolicy ?? "NoPad",
      rows,
    }),
  };
};
