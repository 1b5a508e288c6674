import sharp from "sharp";

const columns = 8;
const rows = 8;
/**
 * Levels (of 255) by which a pixel must be brighter than the next one. Noise and compression change even areas by less,
 * so their bits stay 0.
 */
const minDifference = 4;

/**
 * Computes the difference hash of a frame: 64 bits, each set if a pixel of the frame at 9 × 8 gray pixels is brighter
 * than its right neighbor. Similar frames have similar hashes (`isNearDuplicate`).
 *
 * @param image JPEG
 * @returns 16 hexadecimal digits
 * @throws errors of sharp if the image cannot be decoded
 */
export const computePerceptualHash = async (image: Uint8Array): Promise<string> => {
  const pixels = await sharp(image)
    .greyscale()
    .resize(columns + 1, rows, { fit: "fill" })
    .raw()
    .toBuffer();
  let hash = 0n;
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const at = row * (columns + 1) + column;
      const isBrighter = (pixels[at] ?? 0) - (pixels[at + 1] ?? 0) >= minDifference;
      hash = (hash << 1n) | (isBrighter ? 1n : 0n);
    }
  return hash.toString(16).padStart((columns * rows) / 4, "0");
};
