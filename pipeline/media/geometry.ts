/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Rounds down to an even number, at least 2, as 4:2:0 requires. */
export const roundDownToEven = (pixels: number): number => Math.max(2, Math.floor(pixels / 2) * 2);

/** Scales a size down to fit into a box, with the same aspect ratio. Never enlarges it. */
export const fitInto = (size: Size, box: Size): Size => {
  const factor = Math.min(1, box.width / size.width, box.height / size.height);
  return {
    width: Math.max(1, Math.round(size.width * factor)),
    height: Math.max(1, Math.round(size.height * factor)),
  };
};

export const roundSizeDownToEven = ({ width, height }: Size): Size => ({
  width: roundDownToEven(width),
  height: roundDownToEven(height),
});
