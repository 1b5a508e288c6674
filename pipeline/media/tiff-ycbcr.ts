/** How a TIFF encodes YCbCr (TIFF 6.0, section 21). */
export interface TiffYcbcr {
  /** Parts of red, green and blue in luma, 0–1 (`YCbCrCoefficients`). */
  readonly coefficients: readonly [red: number, green: number, blue: number];
  /** Code values of black and white in Y, of zero and the maximum in Cb and in Cr (`ReferenceBlackWhite`). */
  readonly ranges: readonly [y: CodeRange, cb: CodeRange, cr: CodeRange];
}
type CodeRange = readonly [low: number, high: number];

const tags = {
  compression: 259,
  photometricInterpretation: 262,
  ycbcrCoefficients: 529,
  ycbcrSubsampling: 530,
  referenceBlackWhite: 532,
};
const wantedTags: ReadonlySet<number> = new Set(Object.values(tags));
/** Bytes of a SHORT, a LONG and a RATIONAL (TIFF 6.0, section 2). */
const typeBytes: ReadonlyMap<number, number> = new Map([
  [3, 2],
  [4, 4],
  [5, 8],
]);
const maxEntries = 65_535;
/** The longest value that is read, `ReferenceBlackWhite`. */
const maxValues = 6;

/** Reads values of the first directory of a TIFF or BigTIFF. @throws RangeError if the file ends before them */
const readFirstDirectory = (tiff: Uint8Array): ReadonlyMap<number, readonly number[]> => {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const isLittleEndian = view.getUint8(0) === 0x49;
  const isBig = view.getUint16(2, isLittleEndian) === 43;
  const readOffset = (at: number): number =>
    isBig ? Number(view.getBigUint64(at, isLittleEndian)) : view.getUint32(at, isLittleEndian);
  const offsetBytes = isBig ? 8 : 4;
  const directory = readOffset(offsetBytes);
  const entryCount = isBig ? readOffset(directory) : view.getUint16(directory, isLittleEndian);
  const values = new Map<number, readonly number[]>();
  for (let index = 0; index < Math.min(entryCount, maxEntries); index += 1) {
    const entry = directory + (isBig ? 8 : 2) + index * (4 + 2 * offsetBytes);
    const tag = view.getUint16(entry, isLittleEndian);
    const type = view.getUint16(entry + 2, isLittleEndian);
    const bytes = typeBytes.get(type);
    if (!wantedTags.has(tag) || bytes === undefined) continue;
    const count = readOffset(entry + 4);
    const valueAt = entry + 4 + offsetBytes;
    const start = count * bytes <= offsetBytes ? valueAt : readOffset(valueAt);
    const readNumber = (at: number): number => {
      if (type === 3) return view.getUint16(at, isLittleEndian);
      const number = view.getUint32(at, isLittleEndian);
      return type === 4 ? number : number / view.getUint32(at + 4, isLittleEndian);
    };
    values.set(
      tag,
      Array.from({ length: Math.min(count, maxValues) }, (_, value) => readNumber(start + value * bytes)),
    );
  }
  return values;
};

const ycbcr = 6;
/** The JPEG decoder converts its YCbCr to RGB itself: compressions 6 (TIFF 6.0) and 7 (TIFF Technical Note 2). */
const jpegCompressions: readonly number[] = [6, 7];

const toRange = (low: number | undefined, high: number | undefined, fallback: CodeRange): CodeRange =>
  low !== undefined && high !== undefined && high > low ? [low, high] : fallback;

/**
 * Returns the encoding of a TIFF whose first page is YCbCr without subsampling, which libvips reads as if it were RGB.
 * Undefined for any other TIFF: libvips converts YCbCr with subsampling and in JPEG.
 *
 * @param tiff the whole file, a classic TIFF or a BigTIFF
 */
export const readUnsampledYcbcr = (tiff: Uint8Array): TiffYcbcr | undefined => {
  let values: ReadonlyMap<number, readonly number[]>;
  try {
    values = readFirstDirectory(tiff);
  } catch {
    // The decoder reports what is damaged.
    return undefined;
  }
  const getValues = (tag: number): readonly number[] => values.get(tag) ?? [];
  const [compression = 1] = getValues(tags.compression);
  const [horizontal = 2, vertical = 2] = getValues(tags.ycbcrSubsampling);
  if (getValues(tags.photometricInterpretation)[0] !== ycbcr || jpegCompressions.includes(compression))
    return undefined;
  if (horizontal !== 1 || vertical !== 1) return undefined;
  const [red = 0, green = 0, blue = 0] = getValues(tags.ycbcrCoefficients);
  const coefficients = [red, green, blue] as const;
  const [y0, y1, cb0, cb1, cr0, cr1] = getValues(tags.referenceBlackWhite);
  return {
    coefficients: coefficients.every((part) => part > 0 && part < 1) ? coefficients : [0.299, 0.587, 0.114],
    ranges: [toRange(y0, y1, [0, 255]), toRange(cb0, cb1, [128, 255]), toRange(cr0, cr1, [128, 255])],
  };
};
