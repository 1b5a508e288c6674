/** What media-chrome's audio menu shows of a track. */
interface AudioTrackLabel {
  readonly label: string;
  /** BCP 47; empty if unknown. */
  readonly language: string;
}

/** An audio track of a video element (HTML, 4.8.11.10.1, as far as media-chrome reads it). */
class AudioTrack {
  readonly kind = "";
  readonly id: string;
  readonly label: string;
  readonly language: string;
  readonly #list: AudioTrackList;
  readonly #index: number;

  constructor(list: AudioTrackList, index: number, { label, language }: AudioTrackLabel) {
    this.#list = list;
    this.#index = index;
    this.id = String(index);
    this.label = label;
    this.language = language;
  }

  get enabled(): boolean {
    return this.#list.enabledIndex === this.#index;
  }

  /** The player has one enabled track: enabling another disables it. */
  set enabled(isEnabled: boolean) {
    if (isEnabled && !this.enabled) this.#list.select(this.#index);
  }
}

/**
 * The audio tracks of a video element, for media-chrome's audio menu. Only Safari has `audioTracks` of its own, and no
 * browser has those of hls.js.
 */
export class AudioTrackList extends EventTarget {
  /** Called with the index of the track that the user selects. */
  onSelect: ((index: number) => void) | undefined;
  #tracks: readonly AudioTrack[] = [];
  #enabledIndex = 0;

  get length(): number {
    return this.#tracks.length;
  }

  get enabledIndex(): number {
    return this.#enabledIndex;
  }

  [Symbol.iterator](): Iterator<AudioTrack> {
    return this.#tracks[Symbol.iterator]();
  }

  /** Enables the track that the user selects. */
  select(index: number): void {
    this.setEnabled(index);
    this.onSelect?.(index);
  }

  /** Says which track the player plays. */
  setEnabled(index: number): void {
    this.#enabledIndex = index;
    this.dispatchEvent(new Event("change"));
  }

  /** Replaces the tracks. */
  replace(labels: readonly AudioTrackLabel[], enabledIndex: number): void {
    this.#tracks = labels.map((label, index) => new AudioTrack(this, index, label));
    this.#enabledIndex = enabledIndex;
    this.dispatchEvent(new Event("addtrack"));
    this.dispatchEvent(new Event("change"));
  }
}
