import { barColors } from "../measure/colors.ts";

/** Size, frame rate and length of a generated video. */
export interface VideoShape {
  readonly size?: readonly [width: number, height: number];
  readonly rate?: number;
  readonly seconds?: number;
}

/** Arguments of an input that ffmpeg generates. */
export const buildGraphInput = (graph: string): readonly string[] => ["-f", "lavfi", "-i", graph];

/**
 * A video whose right half is bright from 1.00 to 1.04 s and from 3.00 to 3.04 s, and whose left half tells the time: its
 * luma is 40 at 0 s and 30 more each second. Computed for two pixels and enlarged, which is fast.
 */
export const buildFlashGraph = ({ size = [320, 180], rate = 25, seconds = 6 }: VideoShape = {}): string => {
  const flash = "between(T,0.999,1.039)+between(T,2.999,3.039)";
  return [
    `color=black:s=2x2:r=${rate}:d=${seconds}`,
    "format=yuv420p",
    `geq=lum='if(lt(X,W/2),40+30*T,if(${flash},235,16))':cb=128:cr=128`,
    `scale=${size.join(":")}:flags=neighbor`,
    "setsar=1",
  ].join(",");
};

/** Bursts of 1 kHz from 1.0 to 1.1 s and from 3.0 to 3.1 s. */
export const buildBeepGraph = (seconds = 6): string =>
  `aevalsrc='if(between(t,1,1.1)+between(t,3,3.1),0.7*sin(2*PI*1000*t),0)':s=48000:d=${seconds}`;

/** The bars of `barColors` in RGB. */
export const buildBarsGraph = ({ size = [320, 180], rate = 25, seconds = 1 }: VideoShape = {}): string => {
  const bars = ["C03020", "20A040", "2040C0", "808080"].map(
    (color, index) =>
      `color=0x${color}:s=${size[0] / 4}x${size[1]}:r=${rate}:d=${seconds},format=rgb24[bar${index}]`,
  );
  return [...bars, "[bar0][bar1][bar2][bar3]hstack=inputs=4"].join(";");
};

/** What every output shows of the bars. */
export const barColumns = { colors: barColors, tolerance: 3 } as const;
