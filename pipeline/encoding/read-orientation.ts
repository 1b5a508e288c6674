import type { Orientation } from "../media/orientation.ts";
import {
  computeDirectoryBytes,
  parseDirectoryOrientation,
  parseExifOrientation,
  parseTiffHeader,
} from "../media/tiff-orientation.ts";
import type { RangeStep, StepResult } from "./plan.ts";

type RangeGenerator<T> = Generator<RangeStep, T, StepResult>;
type RangeReader = (offset: number, length: number) => RangeGenerator<DataView>;

/** Bytes of the first request. They contain a camera's EXIF block, so most images take one request. */
const headBytes = 64 * 1024;
/** Segments or chunks that are read before a file counts as one without orientation. */
const maxSegments = 64;

/** Reads ranges of an image and caches its first bytes. A range beyond the end is shorter or empty. */
const createRangeReader = (url: string): RangeReader => {
  let head: Uint8Array | undefined;
  return function* (offset, length) {
    if (length <= 0) return new DataView(new ArrayBuffer(0));
    head ??= (yield { kind: "range", url, offset: 0, length: headBytes }).bytes ?? new Uint8Array();
    const bytes =
      offset + length <= head.length || head.length < headBytes
        ? head.subarray(offset, offset + length)
        : ((yield { kind: "range", url, offset, length }).bytes ?? new Uint8Array());
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
};

const asBytes = (view: DataView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const readFourCC = (view: DataView, offset: number): string =>
  String.fromCharCode(...asBytes(view).subarray(offset, offset + 4));

/** Reads segments up to the scan. APP1 contains EXIF (EXIF 2.3, 4.7.2). */
function* readJpegOrientation(read: RangeReader): RangeGenerator<Orientation> {
  let at = 2;
  for (let part = 0; part < maxSegments; part += 1) {
    const segment = yield* read(at, 10);
    if (segment.byteLength >= 4 && segment.getUint16(0) === 0xffff) {
      at += 1;
      continue;
    }
    if (segment.byteLength < 4 || segment.getUint8(0) !== 0xff || segment.getUint8(1) === 0xda) return 1;
    const length = segment.getUint16(2);
    if (segment.getUint8(1) === 0xe1 && readFourCC(segment, 4) === "Exif")
      return parseExifOrientation(asBytes(yield* read(at + 4, length - 2)));
    at += 2 + length;
  }
  return 1;
}

/** Reads RIFF chunks. Only the extended format has EXIF, after the image data (WebP container specification). */
function* readWebpOrientation(read: RangeReader): RangeGenerator<Orientation> {
  let offset = 12;
  for (let part = 0; part < maxSegments; part += 1) {
    const chunk = yield* read(offset, 8);
    if (chunk.byteLength < 8 || (offset === 12 && readFourCC(chunk, 0) !== "VP8X")) return 1;
    const length = chunk.getUint32(4, true);
    if (readFourCC(chunk, 0) === "EXIF")
      return parseExifOrientation(asBytes(yield* read(offset + 8, Math.min(length, headBytes))));
    offset += 8 + length + (length % 2);
  }
  return 1;
}

/** Reads chunks up to the image data (PNG 3rd edition, 11.3.4.5 eXIf). */
function* readPngOrientation(read: RangeReader): RangeGenerator<Orientation> {
  let offset = 8;
  for (let part = 0; part < maxSegments; part += 1) {
    const chunk = yield* read(offset, 8);
    if (chunk.byteLength < 8 || readFourCC(chunk, 4) === "IDAT") return 1;
    const length = chunk.getUint32(0);
    if (readFourCC(chunk, 4) === "eXIf")
      return parseExifOrientation(asBytes(yield* read(offset + 8, Math.min(length, headBytes))));
    offset += 12 + length;
  }
  return 1;
}

function* readTiffOrientation(read: RangeReader, start: DataView): RangeGenerator<Orientation> {
  const header = parseTiffHeader(asBytes(start));
  if (header === undefined) return 1;
  const count = yield* read(header.directoryOffset, 2);
  if (count.byteLength < 2) return 1;
  const entries = count.getUint16(0, header.littleEndian);
  const directory = yield* read(header.directoryOffset, computeDirectoryBytes(entries));
  return parseDirectoryOrientation(asBytes(directory), header.littleEndian);
}

/**
 * Reads the EXIF orientation of a JPEG, PNG, WebP or TIFF; 1 for any other content. Old builds of ffmpeg ignore it, and
 * newer ones support only JPEG (trac.ffmpeg.org, 6945).
 *
 * @param url loopback URL of the image
 */
export function* readOrientation(url: string): RangeGenerator<Orientation> {
  const read = createRangeReader(url);
  const start = yield* read(0, 12);
  if (start.byteLength < 12) return 1;
  if (start.getUint16(0) === 0xffd8) return yield* readJpegOrientation(read);
  if (start.getUint32(0) === 0x89504e47) return yield* readPngOrientation(read);
  if (readFourCC(start, 0) === "RIFF" && readFourCC(start, 8) === "WEBP")
    return yield* readWebpOrientation(read);
  return yield* readTiffOrientation(read, start);
}
