import { constants, deflateRawSync, deflateSync } from "node:zlib";
import { buildPngChunk } from "../e2e/png-chunk.ts";

/** An RGB PNG around image data, whatever that is (PNG specification, 5). */
export const pngAround = (width: number, height: number, imageData: Uint8Array): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    buildPngChunk("IHDR", header),
    buildPngChunk("IDAT", imageData),
    buildPngChunk("IEND", Buffer.alloc(0)),
  ]);
};

/** A PNG of one colour: huge when decoded, small as a file. */
export const bombPng = (width: number, height: number): Buffer =>
  pngAround(width, height, deflateSync(Buffer.alloc((width * 3 + 1) * 64), { level: 9 }));

/** A zlib stream of so many MiB (RFC 1950, 1951), a thousandth as large; its end and checksum are missing. */
const zlibBomb = (mebibytes: number): Buffer => {
  const block = deflateRawSync(Buffer.alloc(2 ** 20, 0xe9), {
    level: 9,
    finishFlush: constants.Z_FULL_FLUSH,
  });
  return Buffer.concat([Buffer.from([0x78, 0xda]), ...new Array<Buffer>(mebibytes).fill(block)]);
};

/** Chunks behind the header chunk of a PNG. */
const withChunks = (png: Buffer, chunks: readonly Buffer[]): Buffer => {
  const headerEnd = 8 + 25;
  return Buffer.concat([png.subarray(0, headerEnd), ...chunks, png.subarray(headerEnd)]);
};

/** A PNG with a colour profile that unpacks to so many MiB (PNG 3rd edition, 11.3.2.3). */
export const profileBomb = (png: Buffer, mebibytes: number): Buffer =>
  withChunks(png, [buildPngChunk("iCCP", Buffer.concat([Buffer.from("bomb\0\0"), zlibBomb(mebibytes)]))]);

/** A PNG with texts that unpack to so many MiB each (PNG 3rd edition, 11.3.3.3). */
export const textBomb = (png: Buffer, mebibytes: number, texts: number): Buffer => {
  const bomb = zlibBomb(mebibytes);
  return withChunks(
    png,
    Array.from({ length: texts }, (_, index) =>
      buildPngChunk("zTXt", Buffer.concat([Buffer.from(`bomb${index}\0\0`), bomb])),
    ),
  );
};
