import type { Size } from "./geometry.ts";

/** An image that an encoder wrote, by its header. */
export interface EncodedImage extends Size {
  readonly format: "jpeg" | "png";
}

/** Bytes of a file's start that contain its size: encoders write it before the pixels. */
export const encodedImageHeadBytes = 64 * 1024;
/** Bytes of a file's end that show that it is complete. */
export const encodedImageTailBytes = 12;

const hasBytes = (bytes: Uint8Array, offset: number, hexadecimal: string): boolean =>
  Buffer.from(bytes.subarray(offset, offset + hexadecimal.length / 2)).toString("hex") === hexadecimal;

/** Reads the header chunk, which is the first one (PNG 3rd edition, 11.2.1), and requires the end chunk. */
const parsePng = (head: Uint8Array, tail: Uint8Array): EncodedImage | undefined => {
  const isComplete = hasBytes(tail, 0, "0000000049454e44ae426082");
  if (!isComplete || head.length < 24 || !hasBytes(head, 8, "0000000d49484452")) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return { format: "png", width: view.getUint32(16), height: view.getUint32(20) };
};

/** Start of frame: C0 to CF without DHT, JPG and DAC (ITU-T T.81, table B.1). */
const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Finds the frame header among the marker segments (ITU-T T.81, B.2), and requires the end of image. */
const parseJpeg = (head: Uint8Array, tail: Uint8Array): EncodedImage | undefined => {
  if (!hasBytes(tail, tail.length - 2, "ffd9")) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let offset = 2;
  while (offset + 9 <= head.length && head[offset] === 0xff) {
    const marker = head[offset + 1] ?? 0;
    if (isStartOfFrame(marker))
      return { format: "jpeg", width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
    offset += 2 + view.getUint16(offset + 2);
  }
  return undefined;
};

/**
 * Reads the header of a JPEG or PNG that an encoder wrote, without decoding it.
 *
 * @param head first `encodedImageHeadBytes` of the file, or all
 * @param tail last `encodedImageTailBytes` of the file
 * @returns undefined if it is another format, or cut
 */
export const parseEncodedImage = (head: Uint8Array, tail: Uint8Array): EncodedImage | undefined => {
  if (hasBytes(head, 0, "89504e470d0a1a0a")) return parsePng(head, tail);
  return hasBytes(head, 0, "ffd8ff") ? parseJpeg(head, tail) : undefined;
};
