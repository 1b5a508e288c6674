import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MediaPrograms } from "../../e2e/media-programs.ts";

/** Linear light of red, green and blue with the primaries of BT.709; 1 is reference white, 203 cd/m². */
export type Light = readonly [red: number, green: number, blue: number];

/** Reference white of HDR (Report ITU-R BT.2408, 2.2), cd/m². */
export const referenceWhiteNits = 203;

/** BT.709 to BT.2020 primaries (Report ITU-R BT.2407, 2.2, inverse; BT.2087-0, 2.1). */
const toBt2020 = [
  [0.6274, 0.3293, 0.0433],
  [0.0691, 0.9195, 0.0114],
  [0.0164, 0.088, 0.8956],
] as const;
const luma = [0.2627, 0.678, 0.0593] as const;

const multiply = (row: readonly [number, number, number], [a, b, c]: Light): number =>
  row[0] * a + row[1] * b + row[2] * c;
const mapLight = (light: Light, map: (value: number) => number): Light => [
  map(light[0]),
  map(light[1]),
  map(light[2]),
];

/** Inverse EOTF of SMPTE ST 2084, from cd/m². */
const encodePq = (nits: number): number => {
  const power = (nits / 10_000) ** (2610 / 16_384);
  return ((3424 / 4096 + (2413 / 128) * power) / (1 + (2392 / 128) * power)) ** (2523 / 32);
};
/** OETF of HLG (BT.2100-2, table 5), from scene light 0–1. */
const encodeHlg = (light: number): number =>
  light <= 1 / 12 ? Math.sqrt(3 * light) : 0.17883277 * Math.log(12 * light - 0.28466892) + 0.55991073;
/** Scene light of HLG for light of a display of 1,000 cd/m² with system gamma 1.2 (BT.2100-2, table 5, inverse OOTF). */
const invertOotf = (nits: Light): Light => {
  const display = mapLight(nits, (value) => value / 1000);
  const sceneLuma = multiply(luma, display) ** (1 / 1.2);
  return sceneLuma === 0 ? [0, 0, 0] : mapLight(display, (value) => value / sceneLuma ** 0.2);
};

/** Y, Cb and Cr of a patch in 10 bits, limited range, non-constant luminance (BT.2100-2, tables 6 and 9). */
const encodePatch = (light: Light, transfer: "pq" | "hlg"): readonly [number, number, number] => {
  const nits = mapLight(
    [multiply(toBt2020[0], light), multiply(toBt2020[1], light), multiply(toBt2020[2], light)],
    (value) => value * referenceWhiteNits,
  );
  const signal = transfer === "pq" ? mapLight(nits, encodePq) : mapLight(invertOotf(nits), encodeHlg);
  const y = multiply(luma, signal);
  return [
    Math.round(876 * y + 64),
    Math.round((896 * (signal[2] - y)) / 1.8814 + 512),
    Math.round((896 * (signal[0] - y)) / 1.4746 + 512),
  ];
};

const [width, height, frames] = [640, 64, 8];

/** Raw frames of patches from left to right, as `yuv420p10le`. */
const buildFrames = (patches: readonly Light[], transfer: "pq" | "hlg"): Buffer => {
  const codes = patches.map((patch) => encodePatch(patch, transfer));
  const buildPlane = (channel: 0 | 1 | 2, columns: number, rows: number): Buffer => {
    const row = Buffer.alloc(columns * 2);
    for (let x = 0; x < columns; x += 1)
      row.writeUInt16LE(codes[Math.floor((x * codes.length) / columns)]?.[channel] ?? 0, x * 2);
    return Buffer.concat(Array.from({ length: rows }, () => row));
  };
  const frame = [
    buildPlane(0, width, height),
    buildPlane(1, width / 2, height / 2),
    buildPlane(2, width / 2, height / 2),
  ];
  return Buffer.concat(Array.from({ length: frames }, () => Buffer.concat(frame)));
};

/** Makes an HDR clip of patches in HEVC, with its movie header at the end. */
export const makeHdrClip = async (
  programs: MediaPrograms,
  folder: string,
  name: string,
  { patches, transfer }: { readonly patches: readonly Light[]; readonly transfer: "pq" | "hlg" },
): Promise<string> => {
  const raw = join(folder, `${name}.yuv`);
  const path = join(folder, name);
  await writeFile(raw, buildFrames(patches, transfer));
  const tag = transfer === "pq" ? "smpte2084" : "arib-std-b67";
  await programs.ffmpeg([
    ...`-f rawvideo -pix_fmt yuv420p10le -s ${width}x${height} -r 25 -i`.split(" "),
    raw,
    ..."-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params".split(" "),
    `log-level=error:crf=4:colorprim=bt2020:transfer=${tag}:colormatrix=bt2020nc:range=limited`,
    path,
  ]);
  return path;
};
