import * as z from "zod";
import type { Preset } from "./preset.ts";
import data from "./system-presets.json" with { type: "json" };

const options = z.record(z.string(), z.string());
const presetSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Description: z.string().optional(),
  Container: z.string(),
  Type: z.string().optional(),
  Audio: z
    .object({
      Codec: z.string(),
      SampleRate: z.string(),
      BitRate: z.string().optional(),
      Channels: z.string(),
      AudioPackingMode: z.string().optional(),
      CodecOptions: options.optional(),
    })
    .optional(),
  Video: z
    .object({
      Codec: z.string(),
      CodecOptions: options.optional(),
      KeyframesMaxDist: z.string().optional(),
      FixedGOP: z.string().optional(),
      BitRate: z.string().optional(),
      FrameRate: z.string().optional(),
      MaxFrameRate: z.string().optional(),
      Resolution: z.string().optional(),
      AspectRatio: z.string().optional(),
      MaxWidth: z.string().optional(),
      MaxHeight: z.string().optional(),
      DisplayAspectRatio: z.string().optional(),
      SizingPolicy: z.string().optional(),
      PaddingPolicy: z.string().optional(),
      Watermarks: z
        .array(
          z.object({
            Id: z.string(),
            MaxWidth: z.string(),
            MaxHeight: z.string(),
            SizingPolicy: z.string(),
            HorizontalAlign: z.string(),
            HorizontalOffset: z.string(),
            VerticalAlign: z.string(),
            VerticalOffset: z.string(),
            Opacity: z.string(),
            Target: z.string(),
          }),
        )
        .optional(),
    })
    .optional(),
  Thumbnails: z
    .object({
      Format: z.string(),
      Interval: z.string(),
      Resolution: z.string().optional(),
      AspectRatio: z.string().optional(),
      MaxWidth: z.string().optional(),
      MaxHeight: z.string().optional(),
      SizingPolicy: z.string().optional(),
      PaddingPolicy: z.string().optional(),
    })
    .optional(),
});

const parsed = z
  .object({ Presets: z.array(presetSchema), DeprecatedPresetIds: z.record(z.string(), z.string()) })
  .parse(data);

/** The 62 system presets, as ListPresets shows them; where the data come from is said in the JSON itself. */
export const systemPresets: readonly Preset[] = parsed.Presets;

const byId = new Map(systemPresets.map((preset) => [preset.Id, preset]));

/** A system preset by its id, or by one of the 23 retired ids that old jobs still name. */
export const systemPreset = (id: string): Preset | undefined =>
  byId.get(id) ?? byId.get(parsed.DeprecatedPresetIds[id] ?? "");
