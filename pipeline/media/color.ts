import type { VideoProbe } from "./probe.ts";

/** Coefficients between RGB and the stored samples. `bt601` also stands for the equal BT.470 BG and SMPTE 170M. */
export type ColorMatrix = "rgb" | "bt601" | "bt709" | "bt2020" | "smpte240m" | "fcc" | "ycgco" | "ictcp";
/** Chromaticities in ffmpeg's words: 625-line BT.601 is `bt470bg`, 525-line BT.601 is `smpte170m`. */
export type ColorPrimaries = "bt709" | "bt470bg" | "smpte170m" | "bt2020" | "smpte431" | "smpte432";
/**
 * `sdr`: gamma and gamut of a usual display. `wide-gamut`: SDR with the primaries of BT.2020 or P3. `pq` and `hlg`: HDR
 * (Rec. ITU-R BT.2100).
 */
export type ColorKind = "sdr" | "wide-gamut" | "pq" | "hlg";

/** How the samples of a source are to be read. */
export interface SourceColor {
  readonly matrix: ColorMatrix;
  /** `tv`: limited, 16–235 in 8 bits. `pc`: full. */
  readonly range: "tv" | "pc";
  readonly primaries: ColorPrimaries;
  readonly kind: ColorKind;
}

const matrixByTag: Readonly<Record<string, ColorMatrix>> = {
  bt709: "bt709",
  bt470bg: "bt601",
  smpte170m: "bt601",
  smpte240m: "smpte240m",
  fcc: "fcc",
  ycgco: "ycgco",
  bt2020nc: "bt2020",
  bt2020c: "bt2020",
  ictcp: "ictcp",
};
const primariesByTag: Readonly<Record<string, ColorPrimaries>> = {
  bt709: "bt709",
  bt470bg: "bt470bg",
  smpte170m: "smpte170m",
  smpte240m: "smpte170m",
  bt2020: "bt2020",
  smpte431: "smpte431",
  smpte432: "smpte432",
};
const wideGamuts: ReadonlySet<ColorPrimaries> = new Set(["bt2020", "smpte431", "smpte432"]);

/** Codecs whose samples are BT.601 at every size: JFIF, WebP, TIFF 6.0 and VP8 (RFC 6386, 9.2). */
const codecsWithBt601: ReadonlySet<string> = new Set(["mjpeg", "mjpegb", "webp", "tiff", "vp8"]);

const rgbPixelFormatPattern = /^(gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8|mono|x2rgb|x2bgr)/;
/** True if a pixel format of ffmpeg stores RGB. */
export const isRgb = (pixelFormat: string): boolean => rgbPixelFormatPattern.test(pixelFormat);
/** True if a pixel format has more than 8 bits per sample, e.g. `yuv420p10le`, `p010le`. */
const isDeep = (pixelFormat: string): boolean => /(p|gray|y2)(9|1\d)(le|be)$|^p01\d|^v210/.test(pixelFormat);

/**
 * True for the sizes that are graded in BT.709: at least 720 lines, or 1280 columns with fewer lines, as in a wide film.
 * Lines are counted across the shorter side, so that a portrait video counts like the same video on its side.
 */
const isHighDefinition = ({ codedWidth, codedHeight }: VideoProbe): boolean =>
  Math.min(codedWidth, codedHeight) >= 720 || Math.max(codedWidth, codedHeight) >= 1280;

const getHdrKind = ({ color, dolbyVision }: VideoProbe): "pq" | "hlg" | undefined => {
  if (color?.transfer === "smpte2084") return "pq";
  if (color?.transfer === "arib-std-b67") return "hlg";
  // The base layer of profile 8.1 is HDR10, that of 8.4 HLG.
  if (color?.transfer !== undefined || dolbyVision === undefined) return undefined;
  return { 1: "pq" as const, 4: "hlg" as const, 6: "pq" as const }[dolbyVision.compatibilityId];
};

/** The matrix tag, unless samples of this pixel format cannot have it: RGB's in YUV, or ICtCp in 8 bits or in SDR. */
const getPlausibleMatrix = (video: VideoProbe, isHdr: boolean): ColorMatrix | undefined => {
  const matrix = matrixByTag[video.color?.matrix ?? ""];
  return matrix === "ictcp" && !(isHdr && isDeep(video.pixelFormat)) ? undefined : matrix;
};

const getDefaultMatrix = (video: VideoProbe, isHdr: boolean): ColorMatrix => {
  if (isHdr || video.color?.primaries === "bt2020") return "bt2020";
  if (codecsWithBt601.has(video.codec)) return "bt601";
  return isHighDefinition(video) ? "bt709" : "bt601";
};

const getDefaultPrimaries = (video: VideoProbe, matrix: ColorMatrix, isHdr: boolean): ColorPrimaries => {
  if (isHdr || matrix === "bt2020" || matrix === "ictcp") return "bt2020";
  if (matrix !== "bt601" || codecsWithBt601.has(video.codec)) return "bt709";
  return video.codedHeight === 576 || video.codedHeight === 288 ? "bt470bg" : "smpte170m";
};

/** True if a source's matrix comes from its tags or its pixel format, not from its size. */
export const hasKnownMatrix = (video: VideoProbe): boolean =>
  isRgb(video.pixelFormat) || getPlausibleMatrix(video, getHdrKind(video) !== undefined) !== undefined;

/**
 * Decides how the samples of a source are read: by its tags where they are plausible, else as players do, which is
 * BT.709 for high definition, BT.601 below, limited range.
 */
export const resolveSourceColor = (video: VideoProbe): SourceColor => {
  const hdrKind = getHdrKind(video);
  const isHdr = hdrKind !== undefined;
  const isRgbSource = isRgb(video.pixelFormat);
  const matrix = isRgbSource ? "rgb" : (getPlausibleMatrix(video, isHdr) ?? getDefaultMatrix(video, isHdr));
  const primaries = primariesByTag[video.color?.primaries ?? ""] ?? getDefaultPrimaries(video, matrix, isHdr);
  const isFullRange = isRgbSource || video.pixelFormat.startsWith("yuvj") || video.color?.range === "pc";
  return {
    matrix,
    range: isFullRange ? "pc" : "tv",
    primaries,
    kind: hdrKind ?? (wideGamuts.has(primaries) ? "wide-gamut" : "sdr"),
  };
};
