import type { JSX } from "preact";

/** An element of media-chrome. Its attributes are in lower case. */
type MediaElement = JSX.HTMLAttributes<HTMLElement> & {
  readonly anchor?: string;
  readonly audio?: boolean;
  /** Keys without an action, e.g. `nom`. */
  readonly hotkeys?: string;
  readonly notoggle?: boolean;
  readonly showduration?: boolean;
  readonly seekoffset?: number;
  readonly rates?: string;
};

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "media-audio-track-menu": MediaElement;
      "media-audio-track-menu-button": MediaElement;
      "media-captions-menu": MediaElement;
      "media-captions-menu-button": MediaElement;
      "media-control-bar": MediaElement;
      "media-controller": MediaElement;
      "media-fullscreen-button": MediaElement;
      "media-loading-indicator": MediaElement;
      "media-mute-button": MediaElement;
      "media-pip-button": MediaElement;
      "media-play-button": MediaElement;
      "media-playback-rate-menu": MediaElement;
      "media-playback-rate-menu-button": MediaElement;
      "media-preview-thumbnail": MediaElement;
      "media-preview-time-display": MediaElement;
      "media-rendition-menu": MediaElement;
      "media-rendition-menu-button": MediaElement;
      "media-seek-backward-button": MediaElement;
      "media-seek-forward-button": MediaElement;
      "media-time-display": MediaElement;
      "media-time-range": MediaElement;
      "media-volume-range": MediaElement;
    }
  }
}
