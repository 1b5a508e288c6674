/** Part of a sprite sheet, in pixels. */
export interface SpriteTile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const cuePattern = /-->[^\n]*\n[^\n]*#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)/g;

/** Reads the tiles of a storyboard's WebVTT, in the order of the video's time. Other cues are ignored. */
export const parseStoryboard = (text: string): readonly SpriteTile[] =>
  [...text.replaceAll(/\r\n?/g, "\n").matchAll(cuePattern)].flatMap(([, ...values]) => {
    const [x = 0, y = 0, width = 0, height = 0] = values.map(Number);
    return width > 0 && height > 0 ? [{ x, y, width, height }] : [];
  });

/** Finds the tile at a position. @param fraction 0 for the video's start, to 1 for its end */
export const findTile = (tiles: readonly SpriteTile[], fraction: number): SpriteTile | undefined =>
  tiles[Math.min(tiles.length - 1, Math.max(0, Math.floor(fraction * tiles.length)))];

/** Scale at which a tile fills a box without being cut. */
export const fitTile = (
  tile: Pick<SpriteTile, "width" | "height">,
  box: { readonly width: number; readonly height: number },
): number => Math.min(box.width / tile.width, box.height / tile.height);
