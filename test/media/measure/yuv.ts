/** How the bytes of planar YUV are laid out and what they mean. */
export interface YuvLayout {
  readonly width: number;
  readonly height: number;
  /** Chroma samples per luma sample as powers of two. */
  readonly chromaShift: readonly [horizontal: number, vertical: number];
  readonly bitDepth: number;
  readonly isFullRange: boolean;
  readonly matrix: "bt601" | "bt709" | "bt2020";
}

/** Weights of red and blue in luma: ITU-R BT.601-7 2.5.1, BT.709-6 3.2, BT.2020-2 table 4. */
const weights = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
} as const;

/** Reads one sample at a position of a plane, 8 bits or little-endian 16. */
const readSample = (bytes: Buffer, plane: number, index: number, bitDepth: number): number =>
  bitDepth === 8 ? (bytes[plane + index] ?? 0) : bytes.readUInt16LE(plane + index * 2);

/** Red, green and blue (0 to 255, not rounded) of one luma and two chroma samples. */
const convertToRgb = (
  y: number,
  u: number,
  v: number,
  layout: YuvLayout,
): readonly [number, number, number] => {
  const [red, blue] = weights[layout.matrix];
  const unit = 2 ** (layout.bitDepth - 8);
  const full = 2 ** layout.bitDepth - 1;
  const center = 2 ** (layout.bitDepth - 1);
  const luma = layout.isFullRange ? y / full : (y - 16 * unit) / (219 * unit);
  const scale = layout.isFullRange ? full : 224 * unit;
  const [cb, cr] = [(u - center) / scale, (v - center) / scale];
  const r = luma + 2 * (1 - red) * cr;
  const b = luma + 2 * (1 - blue) * cb;
  const g = (luma - red * r - blue * b) / (1 - red - blue);
  const clamp = (value: number) => Math.min(255, Math.max(0, value * 255));
  return [clamp(r), clamp(g), clamp(b)];
};

/** The color of one pixel of a frame of planar YUV. */
export const readYuvPixel = (
  bytes: Buffer,
  x: number,
  y: number,
  layout: YuvLayout,
): readonly [red: number, green: number, blue: number] => {
  const { width, height, bitDepth, chromaShift } = layout;
  const [horizontal, vertical] = chromaShift;
  const sampleBytes = bitDepth === 8 ? 1 : 2;
  const chromaWidth = (width + (1 << horizontal) - 1) >> horizontal;
  const chromaHeight = (height + (1 << vertical) - 1) >> vertical;
  const chromaIndex = (y >> vertical) * chromaWidth + (x >> horizontal);
  const cb = width * height * sampleBytes;
  const cr = cb + chromaWidth * chromaHeight * sampleBytes;
  return convertToRgb(
    readSample(bytes, 0, y * width + x, bitDepth),
    readSample(bytes, cb, chromaIndex, bitDepth),
    readSample(bytes, cr, chromaIndex, bitDepth),
    layout,
  );
};
