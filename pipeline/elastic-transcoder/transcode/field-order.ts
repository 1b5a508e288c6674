import { JobFailure } from "../../errors/job-error.ts";
import type { Preset, VideoParameters } from "../presets/preset.ts";

/** How a preset wants its frames: whole, or as two fields of which this one comes first. */
export type FieldOrder = "progressive" | "top" | "bottom";

/**
 * `InterlacedMode`; `Auto` interlaces, top field first (developer guide, "Preset settings").
 *
 * @throws JobFailure 4008 for H.264's baseline profile, which has no fields; `Auto` then stays progressive
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
      `Preset ${preset.Id} (${preset.Name}) asks for InterlacedMode ${mode} in H.264's baseline profile, which has no fields. Use profile main or high, or Progressive.`,
    );
  }
  return mode === "BottomFirst" ? "bottom" : "top";
};

/** The filters that make fields of frames. @param rate frames per second of the output, twice of which come in */
export const buildInterlaceFilters = (fieldOrder: FieldOrder, fieldRate: string): readonly string[] =>
  fieldOrder === "progressive"
    ? []
    : [
        `fps=${fieldRate}`,
        `tinterlace=interleave_${fieldOrder}:flags=vlpf`,
        `setfield=${fieldOrder === "top" ? "tff" : "bff"}`,
      ];
