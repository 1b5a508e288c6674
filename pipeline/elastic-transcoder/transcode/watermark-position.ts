import type { Size } from "../../media/geometry.ts";
import type { WatermarkParameters } from "../presets/preset.ts";

/** A rectangle in the output's frame, pixels. */
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** Parses `10%` of a length or `25px` into pixels. */
const parseLength = (text: string, whole: number): number =>
  text.endsWith("%") ? (Number(text.slice(0, -1)) / 100) * whole : Number(text.replace(/px$/, ""));

const computeSize = (slot: WatermarkParameters, area: Size, imageSize: Size): Size => {
  const box: Size = {
    width: parseLength(slot.MaxWidth, area.width),
    height: parseLength(slot.MaxHeight, area.height),
  };
  const roundSize = (size: Size): Size => ({
    width: Math.max(1, Math.round(size.width)),
    height: Math.max(1, Math.round(size.height)),
  });
  if (slot.SizingPolicy === "Stretch") return roundSize(box);
  const fit = Math.min(box.width / imageSize.width, box.height / imageSize.height);
  const factor = slot.SizingPolicy === "Fit" ? fit : Math.min(1, fit);
  return roundSize({ width: imageSize.width * factor, height: imageSize.height * factor });
};

const computeOffset = (
  align: string,
  start: number,
  areaLength: number,
  itemLength: number,
  offset: number,
): number => {
  if (align === "Center") return Math.round(start + (areaLength - itemLength) / 2);
  return Math.round(
    align === "Right" || align === "Bottom" ? start + areaLength - itemLength - offset : start + offset,
  );
};

/**
 * Computes the position of a watermark on the output's frame (developer guide, "Preset settings", Watermarks). With
 * `Target` Content, percentages and offsets are relative to the video, with Frame to the frame with its black bars.
 * Offsets are ignored if the alignment is Center. The overlay crops what exceeds the frame.
 *
 * @param content position of the video inside its black bars
 * @param imageSize size of the watermark image
 */
export const placeWatermark = (
  slot: WatermarkParameters,
  frame: Size,
  content: Rectangle,
  imageSize: Size,
): Rectangle => {
  const area: Rectangle = slot.Target === "Frame" ? { x: 0, y: 0, ...frame } : content;
  const size = computeSize(slot, area, imageSize);
  const horizontalOffset = parseLength(slot.HorizontalOffset, area.width);
  const verticalOffset = parseLength(slot.VerticalOffset, area.height);
  return {
    ...size,
    x: computeOffset(slot.HorizontalAlign, area.x, area.width, size.width, horizontalOffset),
    y: computeOffset(slot.VerticalAlign, area.y, area.height, size.height, verticalOffset),
  };
};
