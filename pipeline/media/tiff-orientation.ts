import { asOrientation, type Orientation } from "./orientation.ts";

const orientationTag = 0x0112;
const short = 3;

/** The first directory of a TIFF structure, as a TIFF file and every EXIF block begin (TIFF 6.0, section 2). */
export interface TiffHead {
  readonly littleEndian: boolean;
  /** Where the first directory lies, bytes from the structure's start. */
  readonly directory: number;
}

/** Bytes of a directory with so many entries; the entry count before it included. */
export const directoryBytes = (entries: number): number => 2 + entries * 12;

/** @returns undefined where the bytes begin no TIFF structure */
export const tiffHead = (bytes: Uint8Array): TiffHead | undefined => {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const littleEndian = order === 0x4949;
  if (view.getUint16(2, littleEndian) !== 42) return undefined;
  return { littleEndian, directory: view.getUint32(4, littleEndian) };
};

/** The orientation in a directory's bytes, which may end early. */
export const directoryOrientation = (bytes: Uint8Array, littleEndian: boolean): Orientation => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 2) return 1;
  const entries = view.getUint16(0, littleEndian);
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directoryBytes(entry);
    if (at + 12 > bytes.length) return 1;
    if (view.getUint16(at, littleEndian) !== orientationTag) continue;
    return view.getUint16(at + 2, littleEndian) === short
      ? asOrientation(view.getUint16(at + 8, littleEndian))
      : 1;
  }
  return 1;
};

/** The orientation of an EXIF block, with or without the name `Exif` before it; 1 where it holds none. */
export const exifOrientation = (block: Uint8Array): Orientation => {
  const named = String.fromCharCode(...block.subarray(0, 6)) === "Exif\0\0";
  const tiff = named ? block.subarray(6) : block;
  const head = tiffHead(tiff);
  return head === undefined ? 1 : directoryOrientation(tiff.subarray(head.directory), head.littleEndian);
};
