import { formatCueTime } from "../captions/webvtt.ts";
import { roundDownToEven, type Size } from "../media/geometry.ts";

/** Layout of a sprite sheet. */
export interface Sprite {
  /** Seconds between two tiles. */
  readonly intervalSeconds: number;
  readonly tileCount: number;
  readonly columns: number;
  readonly rows: number;
  /** Size of one tile. */
  readonly tile: Size;
}

const maxTiles = 100;
const tileLongSidePixels = 160;

/**
 * Computes the layout of a sprite sheet.
 *
 * @param seconds duration of the source
 * @param minIntervalSeconds seconds between tiles; longer if there would be more than a hundred
 */
export const planSprite = (seconds: number, minIntervalSeconds: number, videoSize: Size): Sprite => {
  const intervalSeconds = Math.max(minIntervalSeconds, Math.ceil((seconds / maxTiles) * 10) / 10);
  const tileCount = Math.min(maxTiles, Math.max(1, Math.ceil(seconds / intervalSeconds)));
  const columns = Math.min(10, tileCount);
  const factor = tileLongSidePixels / Math.max(videoSize.width, videoSize.height);
  return {
    intervalSeconds,
    tileCount,
    columns,
    rows: Math.ceil(tileCount / columns),
    tile: {
      width: roundDownToEven(videoSize.width * factor + 1e-6),
      height: roundDownToEven(videoSize.height * factor + 1e-6),
    },
  };
};

/** Builds a WebVTT file in which each cue refers to one tile (Media Fragments URI, `#xywh=`). */
export const buildSpriteCues = (sprite: Sprite, seconds: number, file: string): string => {
  const cues = Array.from({ length: sprite.tileCount }, (_, index) => {
    const end = index === sprite.tileCount - 1 ? seconds : (index + 1) * sprite.intervalSeconds;
    const x = (index % sprite.columns) * sprite.tile.width;
    const y = Math.floor(index / sprite.columns) * sprite.tile.height;
    return `${formatCueTime(index * sprite.intervalSeconds)} --> ${formatCueTime(Math.max(end, index * sprite.intervalSeconds + 0.001))}\n${file}#xywh=${x},${y},${sprite.tile.width},${sprite.tile.height}`;
  });
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
};
