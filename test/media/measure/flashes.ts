import type { LumaFrame } from "./luma-frames.ts";

/** Grid for `readLumaFrames`: the halves of the flash clips do not mix in it. */
export const flashGrid = [16, 8] as const;

/** Mean luma of a part of a frame, in fractions of its width and height. */
const meanLuma = (
  { luma, width, height }: LumaFrame,
  [left, right]: readonly [number, number],
  [top, bottom]: readonly [number, number],
): number => {
  let sum = 0;
  let count = 0;
  for (let y = Math.floor(top * height); y < bottom * height; y += 1)
    for (let x = Math.floor(left * width); x < right * width; x += 1) {
      sum += luma[y * width + x] ?? 0;
      count += 1;
    }
  return sum / count;
};

/** Whether the right half of a frame is bright. Its lower part is left out: a watermark may cover it. */
const isFlash = (frame: LumaFrame): boolean => meanLuma(frame, [0.6, 0.9], [0.2, 0.6]) > 125;

/** Seconds of the first frame of each flash of a flash clip. */
export const findFlashSeconds = (frames: readonly LumaFrame[]): readonly number[] =>
  frames.flatMap((frame, index) => {
    const previous = frames[index - 1];
    return isFlash(frame) && (previous === undefined || !isFlash(previous)) ? [frame.seconds] : [];
  });

/** Seconds that the left half of a flash clip's frame shows: its luma is 40 at 0 s and 30 more each second. */
export const readClockSeconds = (frame: LumaFrame): number =>
  (meanLuma(frame, [0.1, 0.4], [0.2, 0.6]) - 40) / 30;
