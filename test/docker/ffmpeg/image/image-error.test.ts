import { expect } from "chai";
import { ImageError, toFailure } from "../../../../docker/ffmpeg/image/image-error.ts";

describe("an error of a decoder", () => {
  const cases = [
    ["Input image exceeds pixel limit", "pixels"],
    ["heif: Memory allocation error: Security limit exceeded: Image size 65535x65535", "pixels"],
    ["tiff2vips: ZSTD compression support is not configured", "unsupported"],
    ["VipsJpeg: premature end of JPEG image", "damaged"],
    ["anything else", "damaged"],
  ] as const;
  for (const [message, reason] of cases)
    it(`is ${reason} for "${message}"`, () => {
      expect(toFailure(new Error(message))).to.deep.equal({ kind: "failure", reason, detail: message });
    });

  it("is shortened to one line", () => {
    expect(toFailure(new Error("\nnot enough data\nerror in tile 0 x 0\n")).detail).to.equal(
      "not enough data",
    );
    expect(toFailure(new Error("x".repeat(1000))).detail).to.have.length(200);
  });

  it("keeps a known reason", () => {
    expect(toFailure(new ImageError("write", "no space"))).to.deep.equal({
      kind: "failure",
      reason: "write",
      detail: "no space",
    });
  });
});
