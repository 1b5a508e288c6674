/** Limits of one attempt. */
export interface MediaLimits {
  readonly maxSourceMinutes: number;
  /** Pixels of one frame of a video, width × height. */
  readonly maxVideoPixels: number;
  /** Pixels of a still image, width × height. */
  readonly maxImagePixels: number;
}
