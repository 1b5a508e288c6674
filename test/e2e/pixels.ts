import type { MediaPrograms } from "./media-programs.ts";

export type Color = readonly [red: number, green: number, blue: number];

const named: Readonly<Record<string, Color>> = {
  red: [255, 0, 0],
  green: [0, 255, 0],
  blue: [0, 0, 255],
  white: [255, 255, 255],
  black: [0, 0, 0],
};
const distance = (a: Color, b: Color): number =>
  Math.max(...a.map((channel, index) => Math.abs(channel - (b[index] ?? 0))));

/** The name of a color that is within 40 of 255 of it; else the color itself. */
export const colorName = (color: Color): string =>
  Object.entries(named).find(([, other]) => distance(color, other) <= 40)?.[0] ?? color.join(" ");

/** Colors of a file's first frame, as stored. @param points fractions of width and height */
export const colorsAt = async (
  programs: MediaPrograms,
  path: string,
  points: readonly (readonly [x: number, y: number])[],
): Promise<readonly Color[]> => {
  const side = 64;
  const bytes = await programs.ffmpegOutput([
    ...["-noautorotate", "-i", path, "-map", "0:v", "-frames:v", "1"],
    ...["-vf", `scale=${side}:${side}:flags=neighbor`, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
  ]);
  return points.map(([x, y]): Color => {
    const at = (Math.floor(y * side) * side + Math.floor(x * side)) * 3;
    return [bytes[at] ?? -1, bytes[at + 1] ?? -1, bytes[at + 2] ?? -1];
  });
};

/** Color names of an image's four quarters: top left, top right, bottom left, bottom right. */
export const quarterColors = async (programs: MediaPrograms, path: string): Promise<readonly string[]> =>
  (
    await colorsAt(programs, path, [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.25, 0.75],
      [0.75, 0.75],
    ])
  ).map(colorName);

/** The colors of `quarters` when upright. */
export const upright: readonly string[] = ["red", "green", "blue", "white"];

/**
 * The share of a clip's frames that ffmpeg's `idet` takes for frames of two fields.
 *
 * @param filters before it, to lay the picture as it was filmed
 */
export const fieldShare = async (
  programs: MediaPrograms,
  path: string,
  filters: readonly string[] = [],
): Promise<number> => {
  const log = await programs.ffmpeg([
    ...["-noautorotate", "-i", path, "-map", "0:v", "-vf", [...filters, "idet"].join(","), "-f", "null", "-"],
  ]);
  const [, top, bottom, progressive] = (
    /Multi frame detection: TFF:\s*(\d+)\s+BFF:\s*(\d+)\s+Progressive:\s*(\d+)/.exec(log) ?? []
  ).map(Number);
  if (top === undefined || bottom === undefined || progressive === undefined)
    throw new Error(`idet said nothing: ${log.slice(-500)}`);
  return (top + bottom) / Math.max(1, top + bottom + progressive);
};
