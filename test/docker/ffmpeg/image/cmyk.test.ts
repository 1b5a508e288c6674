import { expect } from "chai";
import { convertCmykToRgb } from "../../../../docker/ffmpeg/image/cmyk.ts";

describe("inks without a profile", () => {
  it("leave the light that neither the ink nor black absorbs", () => {
    const pixels = Uint8Array.from([
      ...[0, 0, 0, 0],
      ...[255, 0, 0, 0],
      ...[0, 255, 255, 0],
      ...[63, 207, 223, 0],
      ...[0, 0, 0, 255],
      ...[0, 128, 255, 127],
    ]);

    expect([...convertCmykToRgb(pixels, 4)]).to.deep.equal([
      ...[255, 255, 255],
      ...[0, 255, 255],
      ...[255, 0, 0],
      ...[192, 48, 32],
      ...[0, 0, 0],
      ...[128, 64, 0],
    ]);
  });

  it("keep their alpha", () => {
    expect([...convertCmykToRgb(Uint8Array.from([0, 0, 0, 0, 7, 255, 255, 255, 0, 200]), 5)]).to.deep.equal([
      ...[255, 255, 255, 7],
      ...[0, 0, 0, 200],
    ]);
  });
});
