/** A byte range. Both ends are included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length and type before a chunk's data, CRC after it (PNG 3rd edition, 5.3). */
const chunkHeaderBytes = 8;
const chunkOverheadBytes = 12;
/** More than any image within the limits has: a million chunks of 1 KiB. */
const maxChunks = 1_000_000;
/** Maximum ranges to keep. Metadata splits a file in only a few places. */
const maxRanges = 1000;

/**
 * Ancillary chunks that a decoder may need for the pixels, with their maximum size (PNG 3rd edition, 11.3). All others
 * are removed, in particular those with compressed content (`zTXt iTXt iCCP`).
 */
const maxAncillaryBytes: ReadonlyMap<string, number> = new Map([
  ["tRNS", 256],
  ["gAMA", 4],
  ["cHRM", 32],
  ["sRGB", 1],
  ["sBIT", 4],
  ["pHYs", 9],
  ["bKGD", 6],
  ["cICP", 4],
  ["mDCV", 24],
  ["cLLI", 8],
  ["acTL", 8],
  ["fcTL", 26],
]);

/** True if the bytes begin with the PNG signature. */
export const isPng = (head: Uint8Array): boolean => pngSignature.every((byte, index) => head[index] === byte);

const isRequiredChunk = (type: string, length: number): boolean => {
  // A lower-case first letter means ancillary. `fdAT` contains an animation's pixels.
  const isAncillary = type.charCodeAt(0) >= 0x61;
  return !isAncillary || type === "fdAT" || length <= (maxAncillaryBytes.get(type) ?? -1);
};

/** A PNG has more chunks or ranges than a valid image. */
export class PngFragmentationError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "PngFragmentationError";
  }
}

/**
 * Finds the ranges of a PNG that its pixels need, from the chunk headers alone. Yields the offset of the next read and
 * receives the bytes from there (at least a chunk header or the end of the file; more bytes save reads). The ranges end
 * with `IEND` or before the first invalid chunk. A truncated last chunk is kept, so that the decoder reports it.
 *
 * @param size of the file, bytes
 * @throws PngFragmentationError
 */
export function* findPngRanges(size: number): Generator<number, readonly ByteRange[], Uint8Array> {
  const ranges: ByteRange[] = [];
  const addRange = (start: number, end: number): void => {
    const last = ranges.at(-1);
    if (last !== undefined && last.end + 1 === start) ranges[ranges.length - 1] = { start: last.start, end };
    else ranges.push({ start, end });
    if (ranges.length > maxRanges) throw new PngFragmentationError(`more than ${maxRanges} separate parts`);
  };
  addRange(0, pngSignature.length - 1);
  let offset = pngSignature.length;
  let windowStart = offset;
  let window: Uint8Array = new Uint8Array();
  for (let chunks = 0; offset + chunkHeaderBytes <= size; chunks += 1) {
    if (chunks === maxChunks) throw new PngFragmentationError(`more than ${maxChunks} chunks`);
    if (offset + chunkHeaderBytes > windowStart + window.length) {
      windowStart = offset;
      window = yield offset;
      if (window.length < chunkHeaderBytes) break;
    }
    const header = new DataView(window.buffer, window.byteOffset + offset - windowStart, chunkHeaderBytes);
    const length = header.getUint32(0);
    const type = String.fromCharCode(...[4, 5, 6, 7].map((index) => header.getUint8(index)));
    if (length > 0x7fff_ffff || !/^[A-Za-z]{4}$/.test(type)) break;
    const end = Math.min(offset + chunkOverheadBytes + length, size) - 1;
    if (isRequiredChunk(type, length)) addRange(offset, end);
    if (type === "IEND") break;
    offset = end + 1;
  }
  return ranges;
}
