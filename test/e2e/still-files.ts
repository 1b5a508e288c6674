import { deflateSync } from "node:zlib";
import { buildPngChunk } from "./png-chunk.ts";

type Color = readonly [red: number, green: number, blue: number];

/** Four vertical bars in sRGB. */
export const barColors: readonly Color[] = [
  [0xc0, 0x30, 0x20],
  [0x20, 0xa0, 0x40],
  [0x20, 0x40, 0xc0],
  [0x80, 0x80, 0x80],
];
/** The same bars in Display P3, computed from the primaries of both (SMPTE EG 432-1, IEC 61966-2-1). */
export const displayP3Colors: readonly Color[] = [
  [177, 61, 43],
  [77, 158, 76],
  [40, 63, 185],
  [128, 128, 128],
];

/** Multiples of 16, so that no block of a lossy format has two colors. */
export const barSize = { width: 48, height: 32 };
/** Pixels of the bars, row by row. */
const paintBars = (colors: readonly (readonly number[])[]): readonly Buffer[] =>
  new Array<Buffer>(barSize.height).fill(
    Buffer.from(colors.flatMap((color) => new Array<readonly number[]>(barSize.width).fill(color).flat())),
  );

/** A PNG of bars, with further chunks before and after its pixels (PNG 3rd edition, 5 and 11). */
export const barsPng = (
  colors: readonly Color[],
  {
    before = [],
    after = [],
  }: { readonly before?: readonly Buffer[]; readonly after?: readonly Buffer[] } = {},
): Buffer => {
  const rows = paintBars(colors);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(barSize.width * colors.length, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.from([0]), row])));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    buildPngChunk("IHDR", header),
    ...before,
    buildPngChunk("IDAT", data),
    ...after,
    buildPngChunk("IEND", Buffer.alloc(0)),
  ]);
};

/** An iCCP chunk. */
export const profileChunk = (profile: Buffer): Buffer =>
  buildPngChunk("iCCP", Buffer.concat([Buffer.from("profile\0\0"), deflateSync(profile)]));

/** Chunks of an animation with the default image as its first frame, and a second frame (PNG 3rd edition, 11.3.6). */
export const animationChunks = (): {
  readonly before: readonly Buffer[];
  readonly after: readonly Buffer[];
} => {
  const frames = Buffer.alloc(8);
  frames.writeUInt32BE(2, 0);
  const control = (sequence: number): Buffer => {
    const data = Buffer.alloc(26);
    data.writeUInt32BE(sequence, 0);
    data.writeUInt32BE(barSize.width * barColors.length, 4);
    data.writeUInt32BE(barSize.height, 8);
    data.writeUInt16BE(1, 20);
    data.writeUInt16BE(2, 22);
    return buildPngChunk("fcTL", data);
  };
  const whiteRow = Buffer.alloc(1 + barSize.width * barColors.length * 3, 255).fill(0, 0, 1);
  const white = deflateSync(Buffer.concat(new Array<Buffer>(barSize.height).fill(whiteRow)));
  return {
    before: [buildPngChunk("acTL", frames), control(0)],
    after: [control(1), buildPngChunk("fdAT", Buffer.concat([Buffer.from([0, 0, 0, 2]), white]))],
  };
};

type TiffEntry = readonly [tag: number, type: 3 | 4, count: number, value: number];

/** An uncompressed TIFF of the bars (TIFF 6.0, section 8). @param furtherEntries with tags over 279, in their order */
const barsTiff = (
  colors: readonly (readonly number[])[],
  photometricInterpretation: number,
  furtherEntries: readonly TiffEntry[] = [],
): Buffer => {
  const rows = paintBars(colors);
  const pixels = Buffer.concat(rows);
  const bitsOffset = 8 + pixels.length;
  const channels = colors[0]?.length ?? 0;
  const entries: readonly TiffEntry[] = [
    [256, 3, 1, barSize.width * barColors.length],
    [257, 3, 1, rows.length],
    [258, 3, channels, bitsOffset],
    [259, 3, 1, 1],
    [262, 3, 1, photometricInterpretation],
    [273, 4, 1, 8],
    [277, 3, 1, channels],
    [278, 3, 1, rows.length],
    [279, 4, 1, pixels.length],
    ...furtherEntries,
  ];
  const header = Buffer.from("II*\0\0\0\0\0", "latin1");
  header.writeUInt32LE(bitsOffset + 8, 4);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 2 + index * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  return Buffer.concat([header, pixels, Buffer.from([8, 0, 8, 0, 8, 0, 8, 0]), directory]);
};

/** A CMYK TIFF of the bars without a profile: ink is 255 less the light (TIFF 6.0, section 16). */
export const cmykBarsTiff = (): Buffer =>
  barsTiff(
    barColors.map((color) => [...color.map((channel) => 255 - channel), 0]),
    5,
  );

/** A TIFF of the bars in full-range YCbCr without subsampling, by the formula of BT.601 (TIFF 6.0, section 21). */
export const ycbcrBarsTiff = (): Buffer =>
  barsTiff(
    barColors.map(([red, green, blue]) => {
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      return [luma, 128 + (blue - luma) / 1.772, 128 + (red - luma) / 1.402].map(Math.round);
    }),
    6,
    [[530, 3, 2, 0x0001_0001]],
  );

const fixed = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65_536));
  return bytes;
};
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const illuminant = [0.9642, 1, 0.8249].map(fixed);

/** An ICC profile of Display P3: primaries adapted to D50, and the curve of sRGB (ICC.1:2010, 7, 8.3.3 and 10.16). */
export const displayP3Profile = (): Buffer => {
  const xyz = (values: readonly number[]) =>
    Buffer.concat([Buffer.from("XYZ \0\0\0\0"), ...values.map(fixed)]);
  const curve = Buffer.concat([
    Buffer.from("para\0\0\0\0\0\x03\0\0", "latin1"),
    ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(fixed),
  ]);
  const name = Buffer.from("Display P3\0");
  const tags: readonly (readonly [string, Buffer])[] = [
    ["rXYZ", xyz([0.5151, 0.2412, -0.0011])],
    ["gXYZ", xyz([0.292, 0.6922, 0.0419])],
    ["bXYZ", xyz([0.1571, 0.0666, 0.7841])],
    ["wtpt", xyz([0.9642, 1, 0.8249])],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
    ["desc", Buffer.concat([Buffer.from("desc\0\0\0\0"), uint32(name.length), name, Buffer.alloc(79)])],
    ["cprt", Buffer.from("text\0\0\0\0none\0\0\0\0")],
  ];
  const dataOffset = 128 + 4 + tags.length * 12;
  let data = Buffer.alloc(0);
  const table = tags.map(([tag, value]) => {
    const entry = Buffer.concat([Buffer.from(tag), uint32(dataOffset + data.length), uint32(value.length)]);
    data = Buffer.concat([data, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
    return entry;
  });
  const header = Buffer.alloc(128);
  uint32(dataOffset + data.length).copy(header, 0);
  uint32(0x02400000).copy(header, 8);
  header.write("mntrRGB XYZ ", 12);
  header.write("acsp", 36);
  Buffer.concat(illuminant).copy(header, 68);
  return Buffer.concat([header, uint32(tags.length), ...table, data]);
};

/** A file type box of HEIC with an empty rest (ISO/IEC 23008-12, 10.2). */
export const heicFile = (): Buffer =>
  Buffer.concat([uint32(24), Buffer.from("ftypheic\0\0\0\0mif1heic"), uint32(8), Buffer.from("mdat")]);
