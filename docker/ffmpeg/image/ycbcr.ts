import type { TiffYcbcr } from "../../../pipeline/media/tiff-ycbcr.ts";

/**
 * Converts YCbCr pixels of a TIFF to RGB (TIFF 6.0, section 21).
 *
 * @param pixels interleaved, with 3 channels, or 4 with alpha; converted in place
 */
export const convertYcbcrToRgb = (
  pixels: Uint8Array,
  channels: number,
  { coefficients: [red, green, blue], ranges }: TiffYcbcr,
): void => {
  const [[black, white], [cbZero, cbMaximum], [crZero, crMaximum]] = ranges;
  const yScale = 255 / (white - black);
  const cbScale = (127 / (cbMaximum - cbZero)) * (2 - 2 * blue);
  const crScale = (127 / (crMaximum - crZero)) * (2 - 2 * red);
  // The array rounds down.
  const toByte = (value: number): number => Math.min(255, Math.max(0, value)) + 0.5;
  for (let at = 0; at + 2 < pixels.length; at += channels) {
    const y = ((pixels[at] ?? 0) - black) * yScale;
    const b = y + ((pixels[at + 1] ?? 0) - cbZero) * cbScale;
    const r = y + ((pixels[at + 2] ?? 0) - crZero) * crScale;
    pixels[at] = toByte(r);
    pixels[at + 1] = toByte((y - red * r - blue * b) / green);
    pixels[at + 2] = toByte(b);
  }
};
