import { expect } from "chai";
import fc from "fast-check";
import { readUnsampledYcbcr } from "../../../pipeline/media/tiff-ycbcr.ts";

interface Layout {
  readonly isLittleEndian: boolean;
  readonly isBig: boolean;
}
type Entry = readonly [tag: number, type: "short" | "long" | "rational", values: readonly number[]];

const typeCodes = { short: 3, long: 4, rational: 5 };
const typeBytes = { short: 2, long: 4, rational: 8 };
/** Denominator of the rationals. */
const denominator = 1000;

/** Builds a TIFF of one directory without pixels (TIFF 6.0, section 2; BigTIFF of libtiff). */
const buildTiff = ({ isLittleEndian, isBig }: Layout, entries: readonly Entry[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(1024));
  const offsetBytes = isBig ? 8 : 4;
  const writeOffset = (at: number, value: number): void =>
    isBig ? view.setBigUint64(at, BigInt(value), isLittleEndian) : view.setUint32(at, value, isLittleEndian);
  view.setUint16(0, isLittleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, isBig ? 43 : 42, isLittleEndian);
  if (isBig) view.setUint16(4, 8, isLittleEndian);
  writeOffset(offsetBytes, 16);
  if (isBig) writeOffset(16, entries.length);
  else view.setUint16(16, entries.length, isLittleEndian);
  let end = 600;
  for (const [index, [tag, type, values]] of entries.entries()) {
    const entry = 16 + (isBig ? 8 : 2) + index * (4 + 2 * offsetBytes);
    view.setUint16(entry, tag, isLittleEndian);
    view.setUint16(entry + 2, typeCodes[type], isLittleEndian);
    writeOffset(entry + 4, values.length);
    const isInline = values.length * typeBytes[type] <= offsetBytes;
    let at = isInline ? entry + 4 + offsetBytes : end;
    if (!isInline) {
      writeOffset(entry + 4 + offsetBytes, end);
      end += values.length * typeBytes[type];
    }
    for (const value of values) {
      if (type === "short") view.setUint16(at, value, isLittleEndian);
      else if (type === "long") view.setUint32(at, value, isLittleEndian);
      else {
        view.setUint32(at, Math.round(value * denominator), isLittleEndian);
        view.setUint32(at + 4, denominator, isLittleEndian);
      }
      at += typeBytes[type];
    }
  }
  return new Uint8Array(view.buffer, 0, end);
};

const layouts: readonly Layout[] = [true, false].flatMap((isLittleEndian) =>
  [true, false].map((isBig) => ({ isLittleEndian, isBig })),
);
const unsampled: readonly Entry[] = [
  [256, "short", [64]],
  [259, "short", [5]],
  [262, "short", [6]],
  [530, "short", [1, 1]],
];
const [layout] = layouts as [Layout];
const bt601 = {
  coefficients: [0.299, 0.587, 0.114],
  ranges: [
    [0, 255],
    [128, 255],
    [128, 255],
  ],
};

describe("YCbCr in a TIFF", () => {
  it("has the coefficients and ranges of its tags, in each byte order and in BigTIFF", () => {
    for (const each of layouts)
      expect(
        readUnsampledYcbcr(
          buildTiff(each, [
            ...unsampled,
            [529, "rational", [0.212, 0.715, 0.072]],
            [532, "rational", [15, 235, 128, 240, 127, 241]],
          ]),
        ),
      ).to.deep.equal({
        coefficients: [0.212, 0.715, 0.072],
        ranges: [
          [15, 235],
          [128, 240],
          [127, 241],
        ],
      });
  });

  it("has those of BT.601 in full range by default, and instead of impossible ones", () => {
    expect(readUnsampledYcbcr(buildTiff(layout, unsampled))).to.deep.equal(bt601);
    const impossible: readonly Entry[] = [
      [529, "rational", [0.3, 0, 0.1]],
      [532, "rational", [255, 0, 128, 128, 128]],
    ];
    expect(readUnsampledYcbcr(buildTiff(layout, [...unsampled, ...impossible]))).to.deep.equal(bt601);
  });

  it("is left to the decoder with subsampling, which is the default, in JPEG, and as another color space", () => {
    const replace = (tag: number, values: readonly number[]): readonly Entry[] =>
      unsampled.map((entry) => (entry[0] === tag ? [tag, "short", values] : entry));
    for (const entries of [
      replace(530, [2, 1]),
      replace(530, [1, 2]),
      unsampled.slice(0, 3),
      replace(259, [6]),
      replace(259, [7]),
      replace(262, [2]),
      [],
    ])
      expect(readUnsampledYcbcr(buildTiff(layout, entries))).to.equal(undefined);
  });

  it("is not found in a file that is cut or whose directory is damaged", () => {
    const tiffs = layouts.map((each) => buildTiff(each, unsampled));
    for (const tiff of tiffs)
      for (const length of [0, 1, 3, 8, 20, 40])
        expect(readUnsampledYcbcr(tiff.subarray(0, length))).to.equal(undefined);
    fc.assert(
      fc.property(fc.nat(layouts.length - 1), fc.nat(120), fc.nat(255), (index, at, value) => {
        const tiff = Uint8Array.from(tiffs[index] ?? []);
        tiff[at] = value;
        readUnsampledYcbcr(tiff);
      }),
    );
  });
});
