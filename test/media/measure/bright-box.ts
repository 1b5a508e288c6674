import type { LumaFrame } from "./luma-frames.ts";

/** A box in pixels of the frame. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The bounding box of luma over 200: a white shape on a darker ground; undefined without one. */
export const findBrightBox = ({ luma, width }: LumaFrame): Box | undefined => {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (const [index, value] of luma.entries()) {
    if (value <= 200) continue;
    const x = index % width;
    const y = Math.floor(index / width);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
};
