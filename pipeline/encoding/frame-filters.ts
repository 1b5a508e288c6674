import { isRgb } from "../media/color.ts";
import type { VideoProbe } from "../media/probe.ts";

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
 * True if single frames may be interlaced although ffprobe reports none: a container may not store it, or store
 * it wrong. The decoder marks these frames. Rotated video comes from phones, whose video is progressive.
 */
const canBeInterlaced = ({ codec, codedHeight, pixelFormat, rotation }: VideoProbe): boolean =>
  rotation === 0 &&
  codedHeight <= maxInterlacedLines &&
  !progressiveCodecs.has(codec) &&
  pixelFormat.startsWith("yuv");

/** Filters that deinterlace. Fields are lines of the coded frame, so ffmpeg's rotation is undone for them. */
const buildDeinterlaceFilters = (video: VideoProbe): readonly string[] => {
  const { interlaced, rotation } = video;
  if (!interlaced && !canBeInterlaced(video)) return [];
  const filter = interlaced ? "yadif" : "yadif=deint=interlaced";
  return [...filtersByRotation[inverseRotation[rotation]], filter, ...filtersByRotation[rotation]];
};

/** Formats in which `pad` works in every build of ffmpeg. Recordings of calls, whose size changes, have one of them. */
const paddableFormats: ReadonlySet<string> = new Set(["yuv420p", "yuvj420p", "yuv422p", "yuv444p"]);

/**
 * Filters that fit frames whose size differs from the first into its frame, with black bars: the size of a call's
 * recording changes when a phone is turned. Other frames pass through.
 */
const buildSizeChangeFilters = (video: VideoProbe): readonly string[] => {
  if (!paddableFormats.has(video.pixelFormat)) return [];
  const isTurned = video.rotation % 180 !== 0;
  const width = isTurned ? video.codedHeight : video.codedWidth;
  const height = isTurned ? video.codedWidth : video.codedHeight;
  const pixelAspect = ((video.width * height) / (video.height * width)).toFixed(4);
  const fitLength = (unchanged: string, fitted: string): string =>
    `'if(eq(iw,${width})*eq(ih,${height}),${unchanged},trunc((${fitted})/2)*2)'`;
  const scaledWidth = fitLength("iw", `min(${width},${height}*dar/${pixelAspect})`);
  const scaledHeight = fitLength("ih", `min(${height},${width}*${pixelAspect}/dar)`);
  return [`scale=${scaledWidth}:${scaledHeight}`, `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`];
};

/** Matrices that `scale` knows, as ffprobe names them. */
const scalableMatrices: ReadonlySet<string> = new Set([
  ...["bt709", "bt470bg", "smpte170m", "smpte240m", "fcc", "bt2020nc"],
]);

/**
 * Filter that replaces a tag of a matrix that `scale` does not know. From ffmpeg 7 on, `scale` rejects such frames, whatever
 * matrix its options name. Those options, and not this tag, decide how the samples are read (`color-filters.ts`).
 */
const buildMatrixTagFilters = ({ color, pixelFormat }: VideoProbe): readonly string[] =>
  color?.matrix === undefined || scalableMatrices.has(color.matrix) || isRgb(pixelFormat)
    ? []
    : ["setparams=colorspace=bt709"];

/** Filters that make a source's frames progressive and of one size. They come first. */
export const buildFrameFilters = (video: VideoProbe): readonly string[] => [
  ...buildMatrixTagFilters(video),
  ...buildDeinterlaceFilters(video),
  ...buildSizeChangeFilters(video),
];
