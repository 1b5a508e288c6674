import { JobFailure } from "../errors/job-error.ts";
import type { Probe } from "../media/probe.ts";
import * as z from "../schema/z.ts";

const imageHeader = z.object({
  kind: z.literal("probe"),
  format: z.enum(["avif", "gif", "jpeg", "png", "tiff", "webp"]),
  codedWidth: z.int().check(z.positive()),
  codedHeight: z.int().check(z.positive()),
  /** Frames of an animation, pages of a TIFF; else 1. */
  frameCount: z.int().check(z.positive()),
  /** EXIF orientation, 1–8. */
  orientation: z.int(),
  hasAlpha: z.boolean(),
});
const failure = z.object({
  kind: z.literal("failure"),
  /**
   * `unknown-format`, `heic`: not a supported image. `unsupported`: a variant that the decoder lacks. `pixels`: over
   * `maxPixels`. `damaged`: cut or damaged. `source`: the input could not be read. `write`: an output could not be
   * written. `program`: the program itself does not work.
   */
  reason: z.enum([
    "unknown-format",
    "heic",
    "unsupported",
    "pixels",
    "damaged",
    "source",
    "write",
    "program",
  ]),
  detail: z.string(),
});
/** What the image program prints, as JSON. */
export const imageResultSchema = z.discriminatedUnion("kind", [
  imageHeader,
  z.object({ kind: z.literal("converted") }),
  failure,
]);
export type ImageResult = z.infer<typeof imageResultSchema>;
export type ImageHeader = z.infer<typeof imageHeader>;
export type ImageFailure = z.infer<typeof failure>;

/** The codecs of image formats as ffprobe names them, as in the records of all jobs. */
const codecsByFormat: Readonly<Record<ImageHeader["format"], string>> = {
  avif: "av1",
  gif: "gif",
  jpeg: "mjpeg",
  png: "png",
  tiff: "tiff",
  webp: "webp",
};
/** Name of the codec of a format, e.g. in an output's expectation. */
export const getImageCodec = (format: ImageHeader["format"]): string => codecsByFormat[format];

/** True if the orientation swaps width and height (EXIF 2.3, tag 0x0112). */
const isTransposed = (orientation: number): boolean => orientation >= 5 && orientation <= 8;

/** Formats whose further images are frames of an animation. Those of TIFF and AVIF are pages or sizes. */
const animatedFormats: ReadonlySet<string> = new Set(["gif", "webp"]);

/** Converts the header of an image to a probe with the size of the upright image. */
export const toImageProbe = (header: ImageHeader, bytes: number): Probe => {
  const { format, codedWidth, codedHeight, frameCount, orientation, hasAlpha } = header;
  const [width, height] = isTransposed(orientation) ? [codedHeight, codedWidth] : [codedWidth, codedHeight];
  return {
    formats: [format],
    bytes,
    video: {
      index: 0,
      codec: getImageCodec(format),
      codedWidth,
      codedHeight,
      width,
      height,
      rotation: 0,
      ...(frameCount > 1 && animatedFormats.has(format) ? { frameCount } : {}),
      pixelFormat: hasAlpha ? "rgba" : "rgb24",
      interlaced: false,
    },
  };
};

/** Converts a failure of the image program to a failure of the job. @param name key of the image, for the message */
export const toImageFailure = (name: string, { reason, detail }: ImageFailure): JobFailure => {
  switch (reason) {
    case "unknown-format":
      return new JobFailure(
        4000,
        `${name} is not an image that can be decoded: its content is not JPEG, PNG, WebP, AVIF, GIF or TIFF. Vector images (SVG), camera raw files and videos are not supported. Export it as JPEG or PNG and upload it again.`,
      );
    case "heic":
      return new JobFailure(
        4000,
        `${name} is a HEIC image (HEIF with HEVC), which cannot be decoded. Export it as JPEG and upload it again. On an iPhone, choose Settings, Camera, Formats, Most Compatible to take JPEG images.`,
      );
    case "unsupported":
      return new JobFailure(
        4000,
        `${name} uses a variant of its format that cannot be decoded: ${detail}. Export it as JPEG or PNG and upload it again.`,
      );
    case "pixels":
      return new JobFailure(
        4001,
        `${name} exceeds the limit of pixels per frame. Upload a smaller one, or raise maxImagePixels.`,
      );
    case "damaged":
      return new JobFailure(
        4002,
        `${name} is damaged or truncated: ${detail}. Upload the complete file again.`,
      );
    case "source":
      return new JobFailure(3000, `${name} could not be read: ${detail}`, { retryable: true });
    case "write":
      return new JobFailure(9000, `The output of ${name} could not be written: ${detail}`, {
        retryable: true,
      });
    case "program":
      return new JobFailure(
        9000,
        `The image program cannot run: ${detail}. Install Reelway again with its optional dependencies: npm install --include=optional`,
      );
  }
};
