import { JobFailure } from "../../errors/job-error.ts";
import type { Preset, VideoParameters } from "../presets/preset.ts";

/** Progressive, or interlaced with this field first. */
export type FieldOrder = "progressive" | "top" | "bottom";

/**
 * Resolves `InterlacedMode`. `Auto` is interlaced, top field first (developer guide, "Preset settings").
 *
 * @throws JobFailure 4008 for H.264's baseline profile, which does not support interlacing; there, `Auto` is
 * progressive
 */
export const resolveFieldOrder = (
  preset: Preset,
  { Codec, CodecOptions = {} }: VideoParameters,
): FieldOrder => {
  const mode = CodecOptions.InterlacedMode ?? "Progressive";
  if ((Codec !== "H.264" && Codec !== "mpeg2") || mode === "Progressive") return "progressive";
  if (Codec === "H.264" && CodecOptions.Profile === "baseline") {
    if (mode === "Auto") return "progressive";
    throw new JobFailure(
      4008,
      `Preset ${preset.Id} (${preset.Name}) requires InterlacedMode ${mode}, which H.264's baseline profile does not support. Use profile main or high, or InterlacedMode Progressive.`,
    );
  }
  return mode === "BottomFirst" ? "bottom" : "top";
};

/** Builds the filters that interlace frames, two of which become one. */
export const buildInterlaceFilters = (fieldOrder: FieldOrder): readonly string[] =>
  fieldOrder === "progressive"
    ? []
    : [`tinterlace=interleave_${fieldOrder}:flags=vlpf`, `setfield=${fieldOrder === "top" ? "tff" : "bff"}`];
