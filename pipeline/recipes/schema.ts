import * as z from "../schema/z.ts";

const moment = z.union([
  z.strictObject({ seconds: z.number().check(z.minimum(0)) }),
  z.strictObject({ percent: z.number().check(z.minimum(0), z.maximum(100)) }),
]);
const loudness = z.number().check(z.minimum(-40), z.maximum(-5));
const maxFrameRate = z._default(z.number().check(z.minimum(1), z.maximum(240)), 60);
const pixels = z.int().check(z.minimum(16), z.maximum(16_384));

/** The options of every recipe, with their defaults. Unknown options are errors. */
export const recipeOptionsSchema = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("thumbnail"), at: z._default(moment, { seconds: 2 }) }),
  z.strictObject({
    name: z.literal("watermark"),
    image: z._default(z.string().check(z.minLength(1)), "watermarks/default.png"),
    position: z._default(
      z.enum(["top-left", "top-right", "bottom-left", "bottom-right", "center"]),
      "bottom-right",
    ),
    scale: z._default(z.number().check(z.gt(0), z.maximum(1)), 0.15),
    margin: z._default(z.number().check(z.minimum(0), z.maximum(0.5)), 0.03),
    opacity: z._default(z.number().check(z.minimum(0), z.maximum(1)), 0.8),
    maxFrameRate,
  }),
  z.strictObject({
    name: z.literal("image"),
    maxWidth: z._default(pixels, 1600),
    maxHeight: z._default(pixels, 1600),
    quality: z._default(z.int().check(z.minimum(1), z.maximum(100)), 82),
    colorProfile: z._default(z.enum(["srgb", "keep"]), "srgb"),
    animation: z._default(z.enum(["first-frame", "keep"]), "first-frame"),
  }),
  z.strictObject({
    name: z.literal("ladder"),
    heights: z._default(z.array(pixels).check(z.minLength(1), z.maxLength(8)), [1080, 720, 480, 360]),
    segmentSeconds: z._default(z.number().check(z.minimum(1), z.maximum(30)), 4),
    spriteIntervalSeconds: z._default(z.number().check(z.minimum(0.5), z.maximum(600)), 5),
    normalizeLoudness: z._default(z.boolean(), false),
    loudnessLufs: z._default(loudness, -16),
    maxFrameRate,
  }),
  z.strictObject({
    name: z.literal("audio"),
    bitRateKbps: z._default(z.int().check(z.minimum(32), z.maximum(320)), 128),
    normalizeLoudness: z._default(z.boolean(), true),
    loudnessLufs: z._default(loudness, -16),
  }),
  z.strictObject({
    name: z.literal("clip"),
    start: z._default(moment, { seconds: 0 }),
    origin: z._default(z.enum(["source", "first-frame"]), "source"),
    cut: z._default(z.enum(["frame", "keyframe"]), "frame"),
    durationSeconds: z.number().check(z.gt(0), z.maximum(86_400)),
    maxFrameRate,
  }),
  z.strictObject({
    name: z.literal("frames"),
    everySeconds: z._default(z.number().check(z.gt(0), z.maximum(3600)), 10),
    maxWidth: z._default(pixels, 1280),
    maxHeight: z._default(pixels, 1280),
    format: z._default(z.enum(["jpg", "png"]), "jpg"),
  }),
  z.strictObject({ name: z.literal("transcode"), preset: z.string().check(z.regex(/^\d{13}-\w{6}$/)) }),
]);
