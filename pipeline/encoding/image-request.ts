import * as z from "../schema/z.ts";

/** Formats of encoded images. */
export type EncodedImageFormat = "avif" | "jpeg" | "png" | "webp";

const source = {
  /** The source server's URL, or the absolute path of a file that the worker created. */
  input: z.string(),
  /** Size of the input. More is not read. */
  bytes: z.int(),
  /** Pixels of one frame, or of all frames of an animation that is kept. The decoder rejects larger images. */
  maxPixels: z.int(),
};
const target = z.strictObject({
  path: z.string(),
  format: z.enum(["avif", "jpeg", "png", "webp"]),
  /** 1–100; ignored for PNG. */
  quality: z.int(),
  /** Whether all frames are kept. Only in WebP. */
  isAnimated: z.boolean(),
});
/** Argument of the image program (docker/ffmpeg/image/), as JSON. */
export const imageRequestSchema = z.discriminatedUnion("operation", [
  /** Reads the header. */
  z.strictObject({ ...source, operation: z.literal("probe") }),
  /** Decodes the image, upright, scales it to exactly `width` × `height`, and encodes it once per target. */
  z.strictObject({
    ...source,
    operation: z.literal("convert"),
    width: z.int(),
    height: z.int(),
    /** `keep`: RGB images keep their ICC profile. `srgb`: colors are converted to sRGB, without a profile. */
    colorProfile: z.enum(["srgb", "keep"]),
    threads: z.int(),
    targets: z.array(target),
  }),
]);
export type ImageRequest = z.infer<typeof imageRequestSchema>;
export type ImageConversion = Extract<ImageRequest, { operation: "convert" }>;
export type ImageTarget = z.infer<typeof target>;
