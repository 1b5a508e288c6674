import sharp, { type Metadata, type Sharp, type SharpOptions } from "sharp";
import {
  detectImageFormat,
  formatHeadBytes,
  hasPngEnd,
  type ImageFormat,
} from "../../../pipeline/media/image-format.ts";
import { readUnsampledYcbcr, type TiffYcbcr } from "../../../pipeline/media/tiff-ycbcr.ts";
import { ImageError } from "./image-error.ts";

/** The decoders that may run. All others of libvips are blocked, those of SVG and PDF among them. */
const decoders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"].map((name) => `VipsForeignLoad${name}`);

/** Limits libvips for a process that handles one untrusted image. */
export const limitDecoders = (threads: number): void => {
  sharp.cache(false);
  sharp.concurrency(threads);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: decoders });
};

/** Opens the image once more, with other options. Nothing is decoded yet. */
export type ImageOpener = (options?: SharpOptions) => Sharp;

export interface OpenImage {
  readonly format: ImageFormat;
  readonly metadata: Metadata;
  /** Set if the image decodes to YCbCr instead of RGB. */
  readonly ycbcr?: TiffYcbcr;
  readonly open: ImageOpener;
}

/**
 * A warning of libjpeg about a field that some cameras fill in wrongly and no decoder of sequential JPEG uses. Any other
 * warning means damage.
 */
const harmlessWarning = /Invalid SOS parameters/;

/** Runs an operation so that it fails for any damage, also where a decoder could continue with gray or garbage. */
export const failOnDamage = async <T>(
  operation: (failOn: SharpOptions["failOn"]) => Promise<T>,
): Promise<T> => {
  try {
    return await operation("warning");
  } catch (cause) {
    if (cause instanceof Error && harmlessWarning.test(cause.message)) return operation("error");
    throw cause;
  }
};

/**
 * Detects the format of an image and reads its header.
 *
 * @param maxPixels pixels of a frame, or of all frames with `animated`
 * @throws ImageError if it is not an image, or is cut; errors of sharp
 */
export const openImage = async (bytes: Buffer, maxPixels: number): Promise<OpenImage> => {
  const format = detectImageFormat(bytes.subarray(0, formatHeadBytes));
  if (format === undefined) throw new ImageError("unknown-format", "");
  if (format === "heic") throw new ImageError("heic", "");
  if (format === "png" && !hasPngEnd(bytes)) throw new ImageError("damaged", "it ends before its last chunk");
  const open: ImageOpener = (options) => sharp(bytes, { limitInputPixels: maxPixels, ...options });
  const ycbcr = format === "tiff" ? readUnsampledYcbcr(bytes) : undefined;
  return { format, open, metadata: await open().metadata(), ...(ycbcr && { ycbcr }) };
};
