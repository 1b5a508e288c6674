import type { TranscodeOutput } from "./transcode-recipe.ts";

const estimatePixels = ({ preset }: TranscodeOutput): number => {
  const { Resolution, MaxWidth, MaxHeight } = preset.Video ?? {};
  const [width, height] = /^\d+x\d+$/.test(Resolution ?? "")
    ? (Resolution ?? "").split("x").map(Number)
    : [Number(MaxWidth), Number(MaxHeight)];
  return Number.isFinite(width) && Number.isFinite(height) ? (width ?? 0) * (height ?? 0) : 1920 * 1080;
};

/** Relative encoding cost of an output: its pixels, 1 for 1280×720; little for audio, more for two passes. */
export const computeOutputWeight = (output: TranscodeOutput): number => {
  const { Video } = output.preset;
  if (Video === undefined) return 0.05;
  const pixels = Math.max(0.1, estimatePixels(output) / (1280 * 720));
  return Video.Codec === "vp9" ? 6 * pixels : Video.Codec === "gif" ? 2 * pixels : pixels;
};
