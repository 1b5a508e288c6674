import type { LumaFrame } from "../measure/luma-frames.ts";

const rate = 25;

/**
 * A video of 25 fps whose left half tells the second, and whose right half the frame within it. Noise in its color gives
 * each frame about 3 KB, as in real streams: in a smaller one a packet of MPEG-PS holds many frames with one timestamp.
 */
export const buildTimeCodeGraph = (seconds: number): string =>
  [
    `color=black:s=2x2:r=${rate}:d=${seconds}`,
    "format=yuv444p",
    `geq=lum='if(lt(X,W/2),40+10*floor(T+0.001),40+8*mod(N,${rate}))':cb=128:cr=128`,
    "scale=160:90:flags=neighbor",
    "setsar=1,format=yuv420p,noise=c1s=80:c1f=t:c2s=80:c2f=t",
  ].join(",");

/** A burst of 1 kHz in the first tenth of each second. */
export const buildSecondBeepGraph = (seconds: number): string =>
  `aevalsrc='if(lt(mod(t,1),0.1),0.7*sin(2*PI*1000*t),0)':s=48000:d=${seconds}`;

/** Seconds that a frame of the video tells, read as a grid of 2 × 1. */
export const readTimeCode = ({ luma: [second = 0, frame = 0] }: Pick<LumaFrame, "luma">): number =>
  Math.round((second - 40) / 10) + Math.round((frame - 40) / 8) / rate;
