import type { LumaFrame } from "./luma-frames.ts";

/**
 * The share of rows' pixels that differ in the same direction from the rows above and below: the teeth of two fields of
 * different times in one frame. About 0 for a progressive frame with vertical edges, whatever moves in it.
 */
export const measureCombing = (frames: readonly LumaFrame[]): number => {
  let combed = 0;
  let pixels = 0;
  for (const { luma, width, height } of frames)
    for (let y = 1; y < height - 1; y += 1)
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        const value = luma[at] ?? 0;
        const above = (luma[at - width] ?? 0) - value;
        const below = (luma[at + width] ?? 0) - value;
        if (above * below > 30 ** 2) combed += 1;
        pixels += 1;
      }
  return combed / Math.max(1, pixels);
};
