/** What bounds one attempt. */
export interface MediaLimits {
  readonly maxSourceMinutes: number;
  /** Pixels of one frame of a video, width × height. */
  readonly maxVideoPixels: number;
  /** Pixels of a still picture. */
  readonly maxImagePixels: number;
}
