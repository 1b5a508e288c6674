import * as z from "../../schema/z.ts";
import type { Preset } from "./preset.ts";
import data from "./system-presets.json" with { type: "json" };

const options = z.record(z.string(), z.string());
const presetSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Description: z.optional(z.string()),
  Container: z.string(),
  Type: z.optional(z.string()),
  Audio: z.optional(
    z.object({
      Codec: z.string(),
      SampleRate: z.string(),
      BitRate: z.optional(z.string()),
      Channels: z.string(),
      AudioPackingMode: z.optional(z.string()),
      CodecOptions: z.optional(options),
    }),
  ),
  Video: z.optional(
    z.object({
      Codec: z.string(),
      CodecOptions: z.optional(options),
      KeyframesMaxDist: z.optional(z.string()),
      FixedGOP: z.optional(z.string()),
      BitRate: z.optional(z.string()),
      FrameRate: z.optional(z.string()),
      MaxFrameRate: z.optional(z.string()),
      Resolution: z.optional(z.string()),
      AspectRatio: z.optional(z.string()),
      MaxWidth: z.optional(z.string()),
      MaxHeight: z.optional(z.string()),
      DisplayAspectRatio: z.optional(z.string()),
      SizingPolicy: z.optional(z.string()),
      PaddingPolicy: z.optional(z.string()),
      Watermarks: z.optional(
        z.array(
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
        ),
      ),
    }),
  ),
  Thumbnails: z.optional(
    z.object({
      Format: z.string(),
      Interval: z.string(),
      Resolution: z.optional(z.string()),
      AspectRatio: z.optional(z.string()),
      MaxWidth: z.optional(z.string()),
      MaxHeight: z.optional(z.string()),
      SizingPolicy: z.optional(z.string()),
      PaddingPolicy: z.optional(z.string()),
    }),
  ),
});

const parsed = z
  .object({ Presets: z.array(presetSchema), DeprecatedPresetIds: z.record(z.string(), z.string()) })
  .parse(data);

/** The 62 system presets, as ListPresets returns them. The JSON file names its source. */
export const systemPresets: readonly Preset[] = parsed.Presets;

const presetsById = new Map(systemPresets.map((preset) => [preset.Id, preset]));

/** Finds a system preset by its id or by one of the 23 retired ids. */
export const findSystemPreset = (id: string): Preset | undefined =>
  presetsById.get(id) ?? presetsById.get(parsed.DeprecatedPresetIds[id] ?? "");
