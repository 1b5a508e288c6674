import { expect } from "chai";
import { convertYcbcrToRgb } from "../../../../docker/ffmpeg/image/ycbcr.ts";
import type { TiffYcbcr } from "../../../../pipeline/media/tiff-ycbcr.ts";

const fullRange: TiffYcbcr = {
  coefficients: [0.299, 0.587, 0.114],
  ranges: [
    [0, 255],
    [128, 255],
    [128, 255],
  ],
};
const convert = (pixels: readonly number[], channels: number, encoding: TiffYcbcr): readonly number[] => {
  const bytes = Uint8Array.from(pixels);
  convertYcbcrToRgb(bytes, channels, encoding);
  return [...bytes];
};

describe("YCbCr pixels", () => {
  it("become the RGB of BT.601 in full range, limited to 0 and 255", () => {
    const pixels = [
      ...[0, 128, 128],
      ...[255, 128, 128],
      ...[76, 85, 255],
      ...[150, 44, 21],
      ...[29, 255, 107],
      ...[255, 255, 255],
    ];

    expect(convert(pixels, 3, fullRange)).to.deep.equal([
      ...[0, 0, 0],
      ...[255, 255, 255],
      ...[254, 0, 0],
      ...[0, 255, 1],
      ...[0, 0, 254],
      ...[255, 121, 255],
    ]);
  });

  it("become RGB by the ranges and coefficients of their file, and keep their alpha", () => {
    const limited: TiffYcbcr = {
      coefficients: [0.2126, 0.7152, 0.0722],
      ranges: [
        [16, 235],
        [128, 240],
        [128, 240],
      ],
    };

    expect(convert([63, 102, 240, 7, 235, 128, 128, 255, 16, 128, 128, 0], 4, limited)).to.deep.equal([
      ...[255, 1, 0, 7],
      ...[255, 255, 255, 255],
      ...[0, 0, 0, 0],
    ]);
  });
});
