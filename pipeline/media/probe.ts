/** ffprobe's result for a file. Attached pictures (cover art) do not count as video. */
export interface Probe {
  /** The demuxer's names, e.g. `["mov", "mp4", "m4a", "3gp", "3g2", "mj2"]`. */
  readonly formats: readonly string[];
  /** Seconds; absent for a still image and for files that declare none, e.g. a browser's recording or raw AAC. */
  readonly durationSeconds?: number;
  /** Size of the file. */
  readonly bytes?: number;
  /** Bits per second. */
  readonly bitRate?: number;
  readonly video?: VideoProbe;
  readonly audio?: AudioProbe;
}
export interface VideoProbe {
  readonly index: number;
  readonly codec: string;
  /** Pixels as coded, before rotation and sample aspect ratio. */
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Display size: after rotation, with square pixels. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise by which a player rotates the video. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Average frames per second; absent for a still image and if unknown. */
  readonly frameRate?: number;
  /** True if the frame rate is variable; see `constant-frame-rate.ts`. */
  readonly isVariableFrameRate?: boolean;
  readonly pixelFormat: string;
  readonly interlaced: boolean;
  readonly durationSeconds?: number;
}
export interface AudioProbe {
  readonly index: number;
  readonly codec: string;
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly durationSeconds?: number;
}
