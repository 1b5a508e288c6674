import * as z from "zod";

const moment = z.union([
  z.strictObject({ seconds: z.number().min(0) }),
  z.strictObject({ percent: z.number().min(0).max(100) }),
]);
const pixels = z.number().int().min(16).max(16_384);

/** The options of every recipe, with their defaults. An option that does not exist is an error. */
export const recipeOptionsSchema = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("thumbnail"), at: moment.default({ seconds: 2 }) }),
  z.strictObject({
    name: z.literal("watermark"),
    image: z.string().min(1).default("watermarks/default.png"),
    position: z
      .enum(["top-left", "top-right", "bottom-left", "bottom-right", "center"])
      .default("bottom-right"),
    scale: z.number().gt(0).max(1).default(0.15),
    margin: z.number().min(0).max(0.5).default(0.03),
    opacity: z.number().min(0).max(1).default(0.8),
  }),
  z.strictObject({
    name: z.literal("image"),
    maxWidth: pixels.default(1600),
    maxHeight: pixels.default(1600),
    quality: z.number().int().min(1).max(100).default(82),
  }),
  z.strictObject({
    name: z.literal("ladder"),
    heights: z.array(pixels).min(1).max(8).default([1080, 720, 480, 360]),
    segmentSeconds: z.number().min(1).max(30).default(4),
    spriteSeconds: z.number().min(0.5).max(600).default(5),
  }),
  z.strictObject({
    name: z.literal("audio"),
    bitRateKbps: z.number().int().min(32).max(320).default(128),
    loudness: z.number().min(-40).max(-5).default(-16),
  }),
  z.strictObject({
    name: z.literal("clip"),
    start: moment.default({ seconds: 0 }),
    durationSeconds: z.number().gt(0).max(86_400),
  }),
  z.strictObject({
    name: z.literal("frames"),
    everySeconds: z.number().gt(0).max(3600).default(10),
    maxWidth: pixels.default(1280),
    maxHeight: pixels.default(1280),
    format: z.enum(["jpg", "png"]).default("jpg"),
  }),
  z.strictObject({ name: z.literal("transcode"), preset: z.string().regex(/^\d{13}-\w{6}$/) }),
]);
