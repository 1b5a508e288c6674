import { expect } from "chai";
import { findPngRanges, isPng, PngFragmentationError } from "../../../pipeline/media/png-chunks.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const chunk = (type: string, length: number): Buffer => {
  const bytes = Buffer.alloc(12 + length);
  bytes.writeUInt32BE(length, 0);
  bytes.write(type, 4);
  return bytes;
};
const png = (...chunks: readonly Buffer[]): Buffer => Buffer.concat([signature, ...chunks]);

/** The kept bytes of a file, read in windows of the given size, and the number of reads. */
const strip = (file: Buffer, window = 64): { readonly bytes: Buffer; readonly reads: number } => {
  const spans = findPngRanges(file.length);
  let reads = 0;
  let next = spans.next();
  while (next.done !== true) {
    reads += 1;
    next = spans.next(file.subarray(next.value, next.value + window));
  }
  return {
    bytes: Buffer.concat(next.value.map(({ start, end }) => file.subarray(start, end + 1))),
    reads,
  };
};

const header = chunk("IHDR", 13);
const data = chunk("IDAT", 100);
const iend = chunk("IEND", 0);

describe("PNG chunks that pixels need", () => {
  it("are all chunks if there are no others", () => {
    const file = png(header, chunk("PLTE", 768), chunk("tRNS", 256), chunk("gAMA", 4), data, data, iend);
    for (const window of [8, 9, 64, 100_000]) expect(strip(file, window).bytes).to.deep.equal(file);
  });

  it("exclude text, profiles, EXIF and unknown chunks, before and after the pixels", () => {
    const others = ["zTXt", "iTXt", "tEXt", "iCCP", "eXIf", "niCE"].map((type) => chunk(type, 50));
    const file = png(header, ...others, data, ...others, data, iend);

    expect(strip(file).bytes).to.deep.equal(png(header, data, data, iend));
  });

  it("exclude a color chunk longer than its type allows", () => {
    const file = png(header, chunk("gAMA", 5), chunk("pHYs", 1000), chunk("sRGB", 1), data, iend);

    expect(strip(file).bytes).to.deep.equal(png(header, chunk("sRGB", 1), data, iend));
  });

  it("include an animation's", () => {
    const file = png(header, chunk("acTL", 8), chunk("fcTL", 26), data, chunk("fdAT", 200), iend);

    expect(strip(file).bytes).to.deep.equal(file);
  });

  it("end with IEND", () => {
    const image = png(header, data, iend);

    expect(strip(Buffer.concat([image, image, chunk("zTXt", 50)])).bytes).to.deep.equal(image);
  });

  it("end before an invalid chunk, and with a truncated one", () => {
    const wild = chunk("IDAT", 0);
    wild.writeUInt32BE(0xffff_fff0, 0);
    const cut = png(header, data).subarray(0, -50);

    expect(strip(png(header, data, wild, iend)).bytes).to.deep.equal(png(header, data));
    expect(strip(png(header, data, chunk("12#4", 3), iend)).bytes).to.deep.equal(png(header, data));
    expect(strip(cut).bytes).to.deep.equal(cut);
    expect(strip(png(header, chunk("zTXt", 90)).subarray(0, -50)).bytes).to.deep.equal(png(header));
  });

  it("end with a file that became shorter", () => {
    const spans = findPngRanges(1000);
    spans.next();

    expect(spans.next(new Uint8Array(3))).to.deep.equal({ done: true, value: [{ start: 0, end: 7 }] });
  });

  it("need few reads for adjacent chunks, and skip long ones", () => {
    const close = png(header, ...new Array<Buffer>(100_000).fill(chunk("IDAT", 1)), iend);
    const far = png(header, chunk("IDAT", 1_000_000), chunk("IDAT", 1_000_000), iend);

    expect(strip(close, 65_536).reads).to.be.below(25);
    expect(strip(far).reads).to.equal(3);
  });

  it("are rejected if they are more, or more scattered, than any image's", () => {
    const scattered = new Array<Buffer>(1001).fill(Buffer.concat([data, chunk("tEXt", 1)]));
    const many = Buffer.concat(new Array<Buffer>(1_000_001).fill(chunk("IDAT", 0)));

    expect(() => strip(png(header, ...scattered, iend), 65_536)).to.throw(
      PngFragmentationError,
      /1000 separate/,
    );
    expect(() => strip(Buffer.concat([signature, header, many]), 2 ** 24)).to.throw(
      PngFragmentationError,
      /1000000 chunks/,
    );
  });

  it("are read from a PNG only", () => {
    expect(isPng(png(header))).to.equal(true);
    for (const other of [Buffer.alloc(0), signature.subarray(0, 7), Buffer.from("GIF89a..")])
      expect(isPng(other)).to.equal(false);
  });
});
