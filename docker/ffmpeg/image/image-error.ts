import type { ImageFailure } from "../../../pipeline/encoding/image-result.ts";

/** A failure with a known cause. */
export class ImageError extends Error {
  readonly reason: ImageFailure["reason"];

  constructor(reason: ImageFailure["reason"], detail: string) {
    super(detail);
    this.name = "ImageError";
    this.reason = reason;
  }
}

/** Messages of sharp, libheif and libpng about the size of an image. */
const pixelPattern = /exceeds pixel limit|[Ss]ecurity limit|exceeds user limit/;
/** Messages of libtiff and libheif about codecs that the build lacks, and of libvips about 8-bit CIELAB. */
const unsupportedPattern = /is not configured|[Uu]nsupported (?:feature|codec|image type)|bad labq/;
const maxDetailCharacters = 200;

/** Shortens a message of libvips, which repeats a line for each tile that failed. */
const shorten = (message: string): string =>
  (message.split("\n").find((line) => line !== "") ?? "").slice(0, maxDetailCharacters);

/** Classifies an error of libvips. Its errors have no codes. */
const classifyMessage = (message: string): ImageFailure["reason"] => {
  if (pixelPattern.test(message)) return "pixels";
  return unsupportedPattern.test(message) ? "unsupported" : "damaged";
};

/** Converts any error of a decoder or encoder to a failure. */
export const toFailure = (cause: unknown): ImageFailure => {
  if (cause instanceof ImageError) return { kind: "failure", reason: cause.reason, detail: cause.message };
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: "failure", reason: classifyMessage(message), detail: shorten(message) };
};
