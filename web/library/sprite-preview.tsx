import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Video } from "./library-data.ts";
import { findTile, fitTile, parseStoryboard, type SpriteTile } from "./storyboard.ts";

interface Sprite {
  readonly tiles: readonly SpriteTile[];
  readonly url: string;
}

const maxKeptSprites = 40;
const sprites = new Map<string, Promise<Sprite>>();

const readSprite = async ({ url, spriteUrl }: NonNullable<Video["storyboard"]>): Promise<Sprite> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The storyboard could not be read (status ${response.status}).`);
  const image = new Image();
  image.src = spriteUrl;
  const [text] = await Promise.all([response.text(), image.decode()]);
  return { tiles: parseStoryboard(text), url: spriteUrl };
};

const loadSprite = (storyboard: NonNullable<Video["storyboard"]>): Promise<Sprite> => {
  const cachedSprite = sprites.get(storyboard.url);
  if (cachedSprite !== undefined) return cachedSprite;
  const [oldest] = sprites.keys();
  if (oldest !== undefined && sprites.size >= maxKeptSprites) sprites.delete(oldest);
  const sprite = readSprite(storyboard);
  sprites.set(storyboard.url, sprite);
  sprite.catch(() => sprites.delete(storyboard.url));
  return sprite;
};

interface SpritePreviewProps {
  readonly storyboard: NonNullable<Video["storyboard"]>;
  /** Position in the video, 0 to 1. */
  readonly position: ReadonlySignal<number>;
  /** Size of the poster, CSS pixels. */
  readonly box: { readonly width: number; readonly height: number };
}

/** Shows the image of a video at a position over its poster. It is decoration: the video itself is one click away. */
export const SpritePreview = ({ storyboard, position, box }: SpritePreviewProps) => {
  const [sprite, setSprite] = useState<Sprite>();
  useEffect(() => {
    let isShown = true;
    loadSprite(storyboard).then(
      (loadedSprite) => isShown && setSprite(loadedSprite),
      () => undefined,
    );
    return () => {
      isShown = false;
    };
  }, [storyboard]);
  const tile = sprite === undefined ? undefined : findTile(sprite.tiles, position.value);
  if (sprite === undefined || tile === undefined) return null;
  const scale = fitTile(tile, box);
  return (
    <div class="library-preview" aria-hidden="true">
      <div
        class="library-preview-tile"
        style={{ width: `${tile.width * scale}px`, height: `${tile.height * scale}px` }}
      >
        <img
          src={sprite.url}
          alt=""
          style={{ transform: `scale(${scale}) translate(${-tile.x}px, ${-tile.y}px)` }}
        />
      </div>
      <div class="library-preview-bar" style={{ transform: `scaleX(${position.value})` }} />
    </div>
  );
};
