import type { LumaFrame } from "../measure/luma-frames.ts";

const bits = 12;

/** The grid by which a frame is read. */
export const frameCounterGrid: readonly [number, number] = [bits, 1];

/**
 * A video whose frames tell their number, as 12 bright or dark columns, the lowest bit at the left.
 *
 * @param rate frames per second, as ffmpeg parses it
 * @param firstFrame number of the first frame
 */
export const buildFrameCounterGraph = (rate: string, seconds: number, firstFrame = 0): string =>
  [
    `color=black:s=${bits}x2:r=${rate}:d=${seconds}`,
    "format=yuv444p",
    `geq=lum='if(mod(floor((N+${firstFrame})/pow(2,X)),2),210,40)':cb=128:cr=128`,
    `scale=${bits * 16}:96:flags=neighbor`,
    "setsar=1,format=yuv420p,noise=c1s=60:c1f=t:c2s=60:c2f=t",
  ].join(",");

/** The number that a frame tells. */
export const readFrameCounter = ({ luma }: Pick<LumaFrame, "luma">): number =>
  luma.reduce((sum, value, bit) => sum + (value > 125 ? 2 ** bit : 0), 0);
