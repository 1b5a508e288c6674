import sharp from "sharp";
import { grayGridSize } from "../../../pipeline/highlights/gray-levels.ts";

/**
 * Measures the gray levels of a frame in a grid of equal cells (`isSameView`).
 *
 * @param image JPEG
 * @returns 64 levels of 0–255, row by row, each two hexadecimal digits
 * @throws errors of sharp if the image cannot be decoded
 */
export const measureGrayLevels = async (image: Uint8Array): Promise<string> => {
  const levels = await sharp(image)
    .greyscale()
    .resize(grayGridSize, grayGridSize, { fit: "fill" })
    .raw()
    .toBuffer();
  return levels.toString("hex");
};
