import { even, type Size } from "../media/geometry.ts";

/** A sheet of small pictures of a clip, and where each lies. */
export interface Sprite {
  /** Seconds between two pictures. */
  readonly interval: number;
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  /** Pixels of one picture. */
  readonly tile: Size;
}

const maxTiles = 100;
const longerSide = 160;

/**
 * @param seconds length of the clip
 * @param wanted seconds between pictures; more where the sheet would hold over a hundred
 */
export const planSprite = (seconds: number, wanted: number, picture: Size): Sprite => {
  const interval = Math.max(wanted, Math.ceil((seconds / maxTiles) * 10) / 10);
  const count = Math.min(maxTiles, Math.max(1, Math.ceil(seconds / interval)));
  const columns = Math.min(10, count);
  const factor = longerSide / Math.max(picture.width, picture.height);
  return {
    interval,
    count,
    columns,
    rows: Math.ceil(count / columns),
    tile: { width: even(picture.width * factor + 1e-6), height: even(picture.height * factor + 1e-6) },
  };
};

const timestamp = (seconds: number): string => {
  const milliseconds = Math.round(seconds * 1000);
  const part = (value: number, digits: number) => String(value).padStart(digits, "0");
  return `${part(Math.floor(milliseconds / 3_600_000), 2)}:${part(Math.floor(milliseconds / 60_000) % 60, 2)}:${part(Math.floor(milliseconds / 1000) % 60, 2)}.${part(milliseconds % 1000, 3)}`;
};

/** WebVTT whose cues name a part of the sheet each (Media Fragments URI, `#xywh=`). */
export const spriteCues = (sprite: Sprite, seconds: number, file: string): string => {
  const cues = Array.from({ length: sprite.count }, (_, index) => {
    const end = index === sprite.count - 1 ? seconds : (index + 1) * sprite.interval;
    const x = (index % sprite.columns) * sprite.tile.width;
    const y = Math.floor(index / sprite.columns) * sprite.tile.height;
    return `${timestamp(index * sprite.interval)} --> ${timestamp(Math.max(end, index * sprite.interval + 0.001))}\n${file}#xywh=${x},${y},${sprite.tile.width},${sprite.tile.height}`;
  });
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
};
