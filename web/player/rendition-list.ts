/** A rendition of a ladder, as media-chrome reads it. */
export interface Rendition {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** bit/s. */
  readonly bitrate: number;
}

/**
 * The renditions of a video element, for media-chrome's quality menu: the part of the proposed `videoRenditions` of media
 * elements that the menu uses (https://github.com/muxinc/media-elements/tree/main/packages/media-tracks).
 */
export class RenditionList extends EventTarget {
  readonly [index: number]: Rendition;
  /** Called with the index of the rendition that the user selects; -1: the player decides. */
  onSelect: ((index: number) => void) | undefined;
  #renditions: readonly Rendition[] = [];
  #selectedIndex = -1;

  get length(): number {
    return this.#renditions.length;
  }

  /** Index of the selected rendition; -1: the player decides. */
  get selectedIndex(): number {
    return this.#selectedIndex;
  }

  set selectedIndex(index: number) {
    this.#selectedIndex = index;
    this.onSelect?.(index);
    this.dispatchEvent(new Event("change"));
  }

  [Symbol.iterator](): Iterator<Rendition> {
    return this.#renditions[Symbol.iterator]();
  }

  /** Replaces the renditions, of which none is selected. */
  replace(renditions: readonly Rendition[]): void {
    for (let index = 0; index < Math.max(this.length, renditions.length); index += 1)
      if (index < renditions.length)
        Object.defineProperty(this, index, { value: renditions[index], configurable: true });
      else Reflect.deleteProperty(this, index);
    this.#renditions = renditions;
    this.#selectedIndex = -1;
    this.dispatchEvent(new Event("addrendition"));
  }
}
