import type { VideoProbe } from "./probe.ts";

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The nearest even number below, at least 2: what 4:2:0 needs. */
export const even = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);

/** Fits a size into a box, keeping its shape, never enlarging it. */
export const fitInto = (size: Size, box: Size): Size => {
  const factor = Math.min(1, box.width / size.width, box.height / size.height);
  return {
    width: Math.max(1, Math.round(size.width * factor)),
    height: Math.max(1, Math.round(size.height * factor)),
  };
};

export const evenSize = ({ width, height }: Size): Size => ({ width: even(width), height: even(height) });

/** Filters that make a picture of any source upright, progressive, of this size and of square pixels. */
export const pictureFilters = (video: VideoProbe, size: Size): readonly string[] => [
  ...(video.interlaced ? ["yadif"] : []),
  `scale=${size.width}:${size.height}:flags=bicubic`,
  "setsar=1",
];
