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

/** What is left of a file, read in windows of so many bytes, and how often it was read. */
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
const end = chunk("IEND", 0);

describe("the chunks of a PNG that its pixels need", () => {
  it("are all where it holds no others", () => {
    const file = png(header, chunk("PLTE", 768), chunk("tRNS", 256), chunk("gAMA", 4), data, data, end);
    for (const window of [8, 9, 64, 100_000]) expect(strip(file, window).bytes).to.deep.equal(file);
  });

  it("leave out text, profiles, EXIF and what is unknown, before and behind the pixels", () => {
    const others = ["zTXt", "iTXt", "tEXt", "iCCP", "eXIf", "niCE"].map((type) => chunk(type, 50));
    const file = png(header, ...others, data, ...others, data, end);

    expect(strip(file).bytes).to.deep.equal(png(header, data, data, end));
  });

  it("leave out a colour chunk that is longer than its kind can be", () => {
    const file = png(header, chunk("gAMA", 5), chunk("pHYs", 1000), chunk("sRGB", 1), data, end);

    expect(strip(file).bytes).to.deep.equal(png(header, chunk("sRGB", 1), data, end));
  });

  it("hold an animation's", () => {
    const file = png(header, chunk("acTL", 8), chunk("fcTL", 26), data, chunk("fdAT", 200), end);

    expect(strip(file).bytes).to.deep.equal(file);
  });

  it("end with IEND, whatever follows", () => {
    const whole = png(header, data, end);

    expect(strip(Buffer.concat([whole, whole, chunk("zTXt", 50)])).bytes).to.deep.equal(whole);
  });

  it("end before what is no chunk, and with one that is cut short", () => {
    const wild = chunk("IDAT", 0);
    wild.writeUInt32BE(0xffff_fff0, 0);
    const cut = png(header, data).subarray(0, -50);

    expect(strip(png(header, data, wild, end)).bytes).to.deep.equal(png(header, data));
    expect(strip(png(header, data, chunk("12#4", 3), end)).bytes).to.deep.equal(png(header, data));
    expect(strip(cut).bytes).to.deep.equal(cut);
    expect(strip(png(header, chunk("zTXt", 90)).subarray(0, -50)).bytes).to.deep.equal(png(header));
  });

  it("stop at the end of a file that is shorter than it was", () => {
    const spans = findPngRanges(1000);
    spans.next();

    expect(spans.next(new Uint8Array(3))).to.deep.equal({ done: true, value: [{ start: 0, end: 7 }] });
  });

  it("take few readings where chunks lie close, and jump over long ones", () => {
    const close = png(header, ...new Array<Buffer>(100_000).fill(chunk("IDAT", 1)), end);
    const far = png(header, chunk("IDAT", 1_000_000), chunk("IDAT", 1_000_000), end);

    expect(strip(close, 65_536).reads).to.be.below(25);
    expect(strip(far).reads).to.equal(3);
  });

  it("are refused where they are more, or more scattered, than any image's", () => {
    const scattered = new Array<Buffer>(1001).fill(Buffer.concat([data, chunk("tEXt", 1)]));
    const many = Buffer.concat(new Array<Buffer>(1_000_001).fill(chunk("IDAT", 0)));

    expect(() => strip(png(header, ...scattered, end), 65_536)).to.throw(
      PngFragmentationError,
      /1000 separate/,
    );
    expect(() => strip(Buffer.concat([signature, header, many]), 2 ** 24)).to.throw(
      PngFragmentationError,
      /1000000 chunks/,
    );
  });

  it("are looked for in a PNG alone", () => {
    expect(isPng(png(header))).to.equal(true);
    for (const other of [Buffer.alloc(0), signature.subarray(0, 7), Buffer.from("GIF89a..")])
      expect(isPng(other)).to.equal(false);
  });
});
