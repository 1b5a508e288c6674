import { expect } from "chai";
import fc from "fast-check";
import { readOrientation } from "../../../pipeline/encoding/read-orientation.ts";
import {
  buildUprightFilters,
  isTransposed,
  type Orientation,
  parseOrientation,
} from "../../../pipeline/media/orientation.ts";
import { parseExifOrientation } from "../../../pipeline/media/tiff-orientation.ts";
import {
  exifBlock,
  jpegWithExif,
  pngWithExif,
  tiffWithOrientation,
  webpWithExif,
} from "../../e2e/exif-files.ts";

/** Reads a file as the worker does, and counts the requests and bytes. */
const read = (file: Uint8Array): { readonly orientation: Orientation; readonly requests: number } => {
  const reading = readOrientation("http://127.0.0.1:1/picture");
  let requests = 0;
  let turn = reading.next();
  while (turn.done !== true) {
    requests += 1;
    const { offset, length } = turn.value;
    turn = reading.next({ log: "", text: "", bytes: file.subarray(offset, offset + length) });
  }
  return { orientation: turn.value, requests };
};
const segment = (marker: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length + 2);
  bytes.writeUInt16BE(0xff00 + marker);
  bytes.writeUInt16BE(length, 2);
  return bytes;
};
const soi = Buffer.from("ffd8", "hex");
const scan = Buffer.concat([segment(0xda, 8), Buffer.alloc(64)]);
const jpeg = Buffer.concat([soi, segment(0xe0, 16), scan]);
const pngChunk = (name: string, length: number): Buffer => {
  const chunk = Buffer.alloc(length + 12);
  chunk.writeUInt32BE(length);
  chunk.write(name, 4);
  return chunk;
};
const pngStart = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), pngChunk("IHDR", 13)]);
const png = Buffer.concat([pngStart, pngChunk("IDAT", 40), pngChunk("IEND", 0)]);
const webp = Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBPVP8 \x05\0\0\0", "latin1"), Buffer.alloc(6)]);
const tiff = Buffer.concat([
  Buffer.from("49492a0008000000", "hex"),
  Buffer.from("0100", "hex"),
  Buffer.from("000104000100000080000000", "hex"),
  Buffer.alloc(4),
]);
const size = { width: 128, height: 64 };

describe("readOrientation", () => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const)
    it(`returns ${orientation} for JPEG, PNG, WebP and TIFF in either byte order, with one request`, () => {
      for (const littleEndian of [false, true])
        for (const file of [
          jpegWithExif(jpeg, exifBlock(orientation, littleEndian)),
          pngWithExif(png, exifBlock(orientation, littleEndian)),
          webpWithExif(webp, exifBlock(orientation, littleEndian), size),
          tiffWithOrientation(tiff, orientation),
        ])
          expect(read(file)).to.deep.equal({ orientation, requests: 1 });
    });

  it("returns 1 for a file without one", () => {
    for (const file of [jpeg, png, webp, tiff, Buffer.from("GIF89a, and no more"), Buffer.alloc(0), soi])
      expect(read(file).orientation).to.equal(1);
  });

  it("reads past other segments and fill bytes, up to the scan", () => {
    const exif = jpegWithExif(soi, exifBlock(6)).subarray(2);
    const fill = Buffer.from("ffffff", "hex");

    expect(read(Buffer.concat([soi, segment(0xe1, 40), fill, exif, scan])).orientation).to.equal(6);
    expect(read(Buffer.concat([soi, scan, exif])).orientation).to.equal(1);
  });

  it("reads past what does not fit into the first request", () => {
    const exif = jpegWithExif(soi, exifBlock(8)).subarray(2);
    const profile = segment(0xe2, 65_000);

    expect(read(Buffer.concat([soi, profile, profile, exif, scan]))).to.deep.equal({
      orientation: 8,
      requests: 3,
    });
    const data = pngChunk("IDAT", 200_000).subarray(0, 200_000);
    data.write("VP8 ");
    data.writeUInt32LE(data.length - 8, 4);
    const large = Buffer.concat([webp.subarray(0, 12), data]);
    expect(read(webpWithExif(large, exifBlock(3), size))).to.deep.equal({ orientation: 3, requests: 3 });
  });

  it("reads the directory of a TIFF after its image data", () => {
    const large = tiffWithOrientation(Buffer.concat([tiff, Buffer.alloc(200_000)]), 5);

    expect(read(large).orientation).to.equal(5);
  });

  it("does not search after image data or in too many segments", () => {
    const eXIf = pngWithExif(png, exifBlock(6)).subarray(pngStart.length, pngStart.length + 38);
    const late = Buffer.concat([pngStart, pngChunk("IDAT", 40), eXIf]);
    const many = Buffer.concat([soi, ...Array.from({ length: 5000 }, () => segment(0xe2, 2)), scan]);
    const manyChunks = Buffer.concat([pngStart, ...Array.from({ length: 5000 }, () => pngChunk("tEXt", 0))]);

    expect(read(late).orientation).to.equal(1);
    expect(read(many)).to.deep.equal({ orientation: 1, requests: 1 });
    expect(read(manyChunks).orientation).to.equal(1);
    expect(
      read(
        webpWithExif(
          Buffer.concat([webp, ...Array.from({ length: 200 }, () => Buffer.from("JUNK\0\0\0\0"))]),
          exifBlock(6),
          size,
        ),
      ).orientation,
    ).to.equal(1);
  });

  it("returns 1 for an invalid value or type", () => {
    const odd = exifBlock(6);
    odd.writeUInt16BE(4, 12);

    expect(read(jpegWithExif(jpeg, exifBlock(9))).orientation).to.equal(1);
    expect(read(jpegWithExif(jpeg, odd)).orientation).to.equal(1);
    expect([parseOrientation(undefined), parseOrientation(0), parseOrientation(2)]).to.deep.equal([1, 1, 2]);
  });

  it("returns 1 for a truncated EXIF block or invalid pointers", () => {
    const block = exifBlock(6);
    for (let length = 0; length < 22; length += 1)
      expect(parseExifOrientation(block.subarray(0, length))).to.equal(1);
    const strayPointers = exifBlock(6);
    strayPointers.writeUInt32BE(0xffff_fff0, 4);
    expect(parseExifOrientation(strayPointers)).to.equal(1);
  });

  it("terminates with a valid orientation for any bytes", () => {
    const start = fc.constantFrom(jpeg, png, webp, tiff, jpegWithExif(jpeg, exifBlock(6)));
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 400 }), fc.nat(60), (file, noise, at) => {
        const damaged = Buffer.concat([file.subarray(0, at), noise, file.subarray(at)]);
        const { orientation, requests } = read(damaged);
        expect(orientation).to.be.within(1, 8);
        expect(requests).to.equal(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe("upright filters", () => {
  /** A 2×2 image as rows, and the effect of each filter on it. */
  const acts: Readonly<Record<string, (rows: readonly string[]) => readonly string[]>> = {
    hflip: (rows) => rows.map((row) => [...row].reverse().join("")),
    vflip: (rows) => [...rows].reverse(),
    "transpose=cclock_flip": ([a = "", b = ""]) => [`${a[0]}${b[0]}`, `${a[1]}${b[1]}`],
    "transpose=clock": ([a = "", b = ""]) => [`${b[0]}${a[0]}`, `${b[1]}${a[1]}`],
    "transpose=clock_flip": ([a = "", b = ""]) => [`${b[1]}${a[1]}`, `${b[0]}${a[0]}`],
    "transpose=cclock": ([a = "", b = ""]) => [`${a[1]}${b[1]}`, `${a[0]}${b[0]}`],
  };
  // Where row 0 and column 0 are displayed (EXIF 2.3, tag 0x0112).
  const expectedFilters: Readonly<Record<Orientation, readonly [string, string]>> = {
    1: ["ab", "cd"],
    2: ["ba", "dc"],
    3: ["dc", "ba"],
    4: ["cd", "ab"],
    5: ["ac", "bd"],
    6: ["ca", "db"],
    7: ["db", "ca"],
    8: ["bd", "ac"],
  };
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const)
    it(`are correct for orientation ${orientation}`, () => {
      const corners = buildUprightFilters(orientation).reduce<readonly string[]>(
        (rows, filter) => acts[filter]?.(rows) ?? ["unknown filter"],
        ["ab", "cd"],
      );

      expect(corners).to.deep.equal(expectedFilters[orientation]);
      expect(isTransposed(orientation)).to.equal(
        buildUprightFilters(orientation).join().includes("transpose"),
      );
    });
});
