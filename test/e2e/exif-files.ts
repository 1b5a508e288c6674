import { crc32 } from "node:zlib";

/** A TIFF structure of one directory with only an orientation, as in EXIF blocks. */
export const exifBlock = (orientation: number, littleEndian = false): Buffer => {
  const block = Buffer.alloc(26);
  const short = (value: number, at: number) =>
    littleEndian ? block.writeUInt16LE(value, at) : block.writeUInt16BE(value, at);
  const uint32 = (value: number, at: number) =>
    littleEndian ? block.writeUInt32LE(value, at) : block.writeUInt32BE(value, at);
  block.write(littleEndian ? "II" : "MM");
  short(42, 2);
  uint32(8, 4);
  short(1, 8);
  short(0x0112, 10);
  short(3, 12);
  uint32(1, 14);
  short(orientation, 18);
  return block;
};

/** A JPEG with an APP1 segment behind its first marker. */
export const jpegWithExif = (jpeg: Buffer, exif: Buffer): Buffer => {
  const segment = Buffer.concat([Buffer.from("\xff\xe1\0\0Exif\0\0", "latin1"), exif]);
  segment.writeUInt16BE(segment.length - 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
};

/** A PNG with an eXIf chunk behind its header chunk. */
export const pngWithExif = (png: Buffer, exif: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from("eXIf"), exif]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(exif.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), chunk.length - 4);
  const headerEnd = 8 + 25;
  return Buffer.concat([png.subarray(0, headerEnd), chunk, png.subarray(headerEnd)]);
};

const riffChunk = (name: string, body: Buffer): Buffer => {
  const chunk = Buffer.alloc(8 + body.length + (body.length % 2));
  chunk.write(name);
  chunk.writeUInt32LE(body.length, 4);
  body.copy(chunk, 8);
  return chunk;
};

/** A WebP of the simple form made one of the extended form, its EXIF chunk at the end. */
export const webpWithExif = (
  webp: Buffer,
  exif: Buffer,
  size: { readonly width: number; readonly height: number },
): Buffer => {
  const extended = Buffer.alloc(10);
  extended.writeUInt8(0x08, 0);
  extended.writeUIntLE(size.width - 1, 4, 3);
  extended.writeUIntLE(size.height - 1, 7, 3);
  const chunks = Buffer.concat([
    Buffer.from("WEBP"),
    riffChunk("VP8X", extended),
    webp.subarray(12),
    riffChunk("EXIF", exif),
  ]);
  return riffChunk("RIFF", chunks);
};

/** A little-endian TIFF whose directory is written anew at its end, with an orientation among its entries. */
export const tiffWithOrientation = (tiff: Buffer, orientation: number): Buffer => {
  const at = tiff.readUInt32LE(4);
  const entries = Array.from({ length: tiff.readUInt16LE(at) }, (_, index) =>
    tiff.subarray(at + 2 + index * 12, at + 14 + index * 12),
  ).filter((entry) => entry.readUInt16LE(0) !== 0x0112);
  entries.push(exifBlock(orientation, true).subarray(10, 22));
  entries.sort((a, b) => a.readUInt16LE(0) - b.readUInt16LE(0));
  const count = Buffer.alloc(2);
  count.writeUInt16LE(entries.length);
  const ifd = Buffer.concat([tiff, Buffer.alloc(tiff.length % 2), count, ...entries, Buffer.alloc(4)]);
  ifd.writeUInt32LE(tiff.length + (tiff.length % 2), 4);
  return ifd;
};
