import type { VideoProbe } from "./probe.ts";

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Rounds down to an even number, at least 2, as 4:2:0 requires. */
export const roundDownToEven = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);

/** Scales a size down to fit into a box, with the same aspect ratio. Never enlarges it. */
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

/** Builds the filters that rotate a frame clockwise. */
export const buildRotationFilters = (degrees: VideoProbe["rotation"]): readonly string[] =>
  filtersByRotation[degrees];

const inverseRotation = { 0: 0, 90: 270, 180: 180, 270: 90 } as const;

/** Codecs without interlaced frames. */
const progressiveCodecs: ReadonlySet<string> = new Set(["vp8", "vp9", "av1", "gif", "theora", "png", "webp"]);
/** Lines of the largest frame that interlaced video has, with the padding of its macroblocks. */
const maxInterlacedLines = 1088;

/**
 * True if single frames may be interlaced although ffprobe reports none: containers often do not know, or repeat what
 * an encoder was told. The decoder marks these frames. Rotated video comes from phones, which record none.
 */
const mayBeInterlaced = ({ codec, codedHeight, pixelFormat, rotation }: VideoProbe): boolean =>
  rotation === 0 &&
  codedHeight <= maxInterlacedLines &&
  !progressiveCodecs.has(codec) &&
  pixelFormat.startsWith("yuv");

/** Filters that deinterlace. Fields are lines of the coded frame, so ffmpeg's rotation is undone for them. */
export const buildDeinterlaceFilters = (video: VideoProbe): readonly string[] => {
  const { interlaced, rotation } = video;
  if (!interlaced && !mayBeInterlaced(video)) return [];
  const filter = interlaced ? "yadif" : "yadif=deint=interlaced";
  return [...filtersByRotation[inverseRotation[rotation]], filter, ...filtersByRotation[rotation]];
};
