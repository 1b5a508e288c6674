/** Bytes `start` to `end`, both included. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length and type before a chunk's data, CRC behind it (PNG 3rd edition, 5.3). */
const headBytes = 8;
const chunkOverhead = 12;
/** A million chunks of 1 KiB hold more than any image within the limits. */
const maxChunks = 1_000_000;
/** Parts that are left; metadata lies in a few places. */
const maxSpans = 1000;

/**
 * Ancillary chunks that a decoder may need for the pixels, and what each holds at most (PNG 3rd edition, 11.3). All
 * others are left out, above all those whose content is compressed (`zTXt iTXt iCCP`).
 */
const keptAncillary: ReadonlyMap<string, number> = new Map([
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

/** Whether bytes begin a PNG. */
export const isPng = (head: Uint8Array): boolean => signature.every((byte, index) => head[index] === byte);

const isKept = (type: string, length: number): boolean => {
  // Lower case in the first letter: ancillary. `fdAT` holds an animation's pixels.
  const ancillary = type.charCodeAt(0) >= 0x61;
  return !ancillary || type === "fdAT" || length <= (keptAncillary.get(type) ?? -1);
};

/** A file of more parts than any image has. */
export class PngTooFragmented extends Error {
  constructor(what: string) {
    super(what);
    this.name = "PngTooFragmented";
  }
}

/**
 * Finds the parts of a PNG that its pixels need, from chunk heads alone. Yields where it reads next and is given the
 * bytes from there on (at least a chunk's head, or the file's end; more saves a reading). The parts end with `IEND`,
 * or before the first bytes that are no chunk; a last chunk that is cut short stays, for the decoder to judge.
 *
 * @param size of the file, bytes
 * @throws PngTooFragmented
 */
export function* pngSpans(size: number): Generator<number, readonly ByteSpan[], Uint8Array> {
  const spans: ByteSpan[] = [];
  const keep = (start: number, end: number): void => {
    const last = spans.at(-1);
    if (last !== undefined && last.end + 1 === start) spans[spans.length - 1] = { start: last.start, end };
    else spans.push({ start, end });
    if (spans.length > maxSpans) throw new PngTooFragmented(`more than ${maxSpans} separate parts`);
  };
  keep(0, signature.length - 1);
  let at = signature.length;
  let windowStart = at;
  let window: Uint8Array = new Uint8Array();
  for (let chunks = 0; at + headBytes <= size; chunks += 1) {
    if (chunks === maxChunks) throw new PngTooFragmented(`more than ${maxChunks} chunks`);
    if (at + headBytes > windowStart + window.length) {
      windowStart = at;
      window = yield at;
      if (window.length < headBytes) break;
    }
    const head = new DataView(window.buffer, window.byteOffset + at - windowStart, headBytes);
    const length = head.getUint32(0);
    const type = String.fromCharCode(...[4, 5, 6, 7].map((index) => head.getUint8(index)));
    if (length > 0x7fff_ffff || !/^[A-Za-z]{4}$/.test(type)) break;
    const end = Math.min(at + chunkOverhead + length, size) - 1;
    if (isKept(type, length)) keep(at, end);
    if (type === "IEND") break;
    at = end + 1;
  }
  return spans;
}
