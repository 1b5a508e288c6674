import type { Size } from "../../media/geometry.ts";
import type { WatermarkParameters } from "../presets/preset.ts";

/** A rectangle of the output's frame, pixels. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** `10%` of a length, or `25px`. */
const measure = (text: string, whole: number): number =>
  text.endsWith("%") ? (Number(text.slice(0, -1)) / 100) * whole : Number(text.replace(/px$/, ""));

const sizeOf = (slot: WatermarkParameters, area: Size, picture: Size): Size => {
  const box: Size = {
    width: measure(slot.MaxWidth, area.width),
    height: measure(slot.MaxHeight, area.height),
  };
  const pixels = (size: Size): Size => ({
    width: Math.max(1, Math.round(size.width)),
    height: Math.max(1, Math.round(size.height)),
  });
  if (slot.SizingPolicy === "Stretch") return pixels(box);
  const fit = Math.min(box.width / picture.width, box.height / picture.height);
  const factor = slot.SizingPolicy === "Fit" ? fit : Math.min(1, fit);
  return pixels({ width: picture.width * factor, height: picture.height * factor });
};

const along = (align: string, start: number, room: number, own: number, offset: number): number => {
  if (align === "Center") return Math.round(start + (room - own) / 2);
  return Math.round(align === "Right" || align === "Bottom" ? start + room - own - offset : start + offset);
};

/**
 * Where a watermark lies on the output's frame (developer guide, "Preset settings", Watermarks). `Target` says whether
 * lengths in per cent and offsets count from the picture alone or from the frame with its black bars; an offset does
 * not count where the alignment is Center. What reaches over the frame's edge is cut by the overlay.
 *
 * @param content where the picture lies within its bars
 * @param picture the watermark's own size
 */
export const placeWatermark = (slot: WatermarkParameters, frame: Size, content: Box, picture: Size): Box => {
  const area: Box = slot.Target === "Frame" ? { x: 0, y: 0, ...frame } : content;
  const size = sizeOf(slot, area, picture);
  const right = measure(slot.HorizontalOffset, area.width);
  const down = measure(slot.VerticalOffset, area.height);
  return {
    ...size,
    x: along(slot.HorizontalAlign, area.x, area.width, size.width, right),
    y: along(slot.VerticalAlign, area.y, area.height, size.height, down),
  };
};
