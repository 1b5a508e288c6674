/** Formats of images that can be decoded. All but `gif` and `tiff` can be encoded. */
export type ImageFormat = "avif" | "gif" | "jpeg" | "png" | "tiff" | "webp";

const readText = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

/** Brands of a file type box, the major brand first (ISO/IEC 14496-12, 4.3); empty without such a box. */
const readBrands = (head: Uint8Array): readonly string[] => {
  if (head.length < 16 || readText(head, 4, 8) !== "ftyp") return [];
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const offsets = [8];
  for (let offset = 16; offset + 4 <= Math.min(size, head.length); offset += 4) offsets.push(offset);
  return offsets.map((offset) => readText(head, offset, offset + 4));
};
/** AVIF 1.1, 6. */
const avifBrands = ["avif", "avis"];
/** HEVC images and sequences, and any image in HEIF (ISO/IEC 23008-12, 10 and annex B.4). */
const heicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

/** First bytes in hexadecimal. */
const signatures: readonly (readonly [ImageFormat, RegExp])[] = [
  ["jpeg", /^ffd8ff/],
  ["png", /^89504e470d0a1a0a/],
  ["webp", /^52494646.{8}57454250/],
  ["gif", /^474946383[79]61/],
  // Classic TIFF and BigTIFF, in both byte orders.
  ["tiff", /^(?:49492[ab]00|4d4d002[ab])/],
];

/** Bytes of a file from which its format is detected. */
export const formatHeadBytes = 256;

/** Detects an image's format by its first bytes, never by its name; undefined for any other content. */
export const detectImageFormat = (head: Uint8Array): ImageFormat | "heic" | undefined => {
  const start = Buffer.from(head.subarray(0, 16)).toString("hex");
  const signature = signatures.find(([, pattern]) => pattern.test(start));
  if (signature !== undefined) return signature[0];
  const brands = readBrands(head.subarray(0, formatHeadBytes));
  if (brands.some((brand) => avifBrands.includes(brand))) return "avif";
  return brands.some((brand) => heicBrands.includes(brand)) ? "heic" : undefined;
};

/**
 * True if a PNG's chunks reach its end, `IEND` (PNG 3rd edition, 11.2.5). A decoder of the first frame does not notice
 * that an animation is cut.
 */
export const hasPngEnd = (png: Uint8Array): boolean => {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  let offset = 8;
  while (offset + 12 <= png.length) {
    if (readText(png, offset + 4, offset + 8) === "IEND") return true;
    offset += 12 + view.getUint32(offset);
  }
  return false;
};
