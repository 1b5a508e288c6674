import type { VideoProbe } from "./probe.ts";

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The nearest even number below, at least 2: what 4:2:0 needs. */
export const roundDownToEven = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);

/** Fits a size into a box, keeping its shape, never enlarging it. */
export const fitInto = (size: Size, box: Size): Size => {
  const factor = Math.min(1, box.width / size.width, box.height / size.height);
  return {
    width: Math.max(1, Math.round(size.width * factor)),
    height: Math.max(1, Math.round(size.height * factor)),
  };
};

export const roundSizeDownToEven = ({ width, height }: Size): Size => ({
  width: roundDownToEven(width),
  height: roundDownToEven(height),
});

const filtersByRotation: Readonly<Record<VideoProbe["rotation"], readonly string[]>> = {
  0: [],
  90: ["transpose=clock"],
  180: ["hflip", "vflip"],
  270: ["transpose=cclock"],
};

/** The filters that turn a picture clockwise. */
export const buildRotationFilters = (degrees: VideoProbe["rotation"]): readonly string[] =>
  filtersByRotation[degrees];

const inverseRotation = { 0: 0, 90: 270, 180: 180, 270: 90 } as const;

/** Filters that make frames of fields: as they were filmed, so a picture that ffmpeg has turned is laid back for it. */
export const buildDeinterlaceFilters = ({ interlaced, rotation }: VideoProbe): readonly string[] =>
  interlaced
    ? [...filtersByRotation[inverseRotation[rotation]], "yadif", ...filtersByRotation[rotation]]
    : [];

/** Filters that make square pixels of this size. */
export const buildScaleFilters = (size: Size): readonly string[] => [
  `scale=${size.width}:${size.height}:flags=bicubic`,
  "setsar=1",
];

/** Filters that make a picture of any source upright, progressive, of this size and of square pixels. */
export const buildVideoFilters = (video: VideoProbe, size: Size): readonly string[] => [
  ...buildDeinterlaceFilters(video),
  ...buildScaleFilters(size),
];
