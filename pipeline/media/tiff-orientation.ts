import { type Orientation, parseOrientation } from "./orientation.ts";

const orientationTag = 0x0112;
const shortType = 3;

/** Header of a TIFF structure, with which a TIFF file and every EXIF block begin (TIFF 6.0, section 2). */
export interface TiffHeader {
  readonly littleEndian: boolean;
  /** Offset of the first directory, bytes from the start of the structure. */
  readonly directoryOffset: number;
}

/** Bytes of a directory with a number of entries, with the entry count before them. */
export const computeDirectoryBytes = (entries: number): number => 2 + entries * 12;

/** Parses a TIFF header; undefined if the bytes do not begin with one. */
export const parseTiffHeader = (bytes: Uint8Array): TiffHeader | undefined => {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const byteOrder = view.getUint16(0);
  if (byteOrder !== 0x4949 && byteOrder !== 0x4d4d) return undefined;
  const littleEndian = byteOrder === 0x4949;
  if (view.getUint16(2, littleEndian) !== 42) return undefined;
  return { littleEndian, directoryOffset: view.getUint32(4, littleEndian) };
};

/** Parses the orientation in a directory, which may be truncated; 1 if it has none. */
export const parseDirectoryOrientation = (bytes: Uint8Array, littleEndian: boolean): Orientation => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 2) return 1;
  const entries = view.getUint16(0, littleEndian);
  for (let entry = 0; entry < entries; entry += 1) {
    const offset = computeDirectoryBytes(entry);
    if (offset + 12 > bytes.length) return 1;
    if (view.getUint16(offset, littleEndian) !== orientationTag) continue;
    return view.getUint16(offset + 2, littleEndian) === shortType
      ? parseOrientation(view.getUint16(offset + 8, littleEndian))
      : 1;
  }
  return 1;
};

/** Parses the orientation of an EXIF block, with or without the prefix `Exif`; 1 if it has none. */
export const parseExifOrientation = (block: Uint8Array): Orientation => {
  const hasExifPrefix = String.fromCharCode(...block.subarray(0, 6)) === "Exif\0\0";
  const tiff = hasExifPrefix ? block.subarray(6) : block;
  const header = parseTiffHeader(tiff);
  return header === undefined
    ? 1
    : parseDirectoryOrientation(tiff.subarray(header.directoryOffset), header.littleEndian);
};
