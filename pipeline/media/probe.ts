/** What ffprobe found in a file, in the project's own terms. Attached pictures are not counted as video. */
export interface Probe {
  /** The demuxer's names, e.g. `["mov", "mp4", "m4a", "3gp", "3g2", "mj2"]`. */
  readonly formats: readonly string[];
  /** Seconds; absent for a still picture, and where the file does not say: a browser's recording, AAC without container. */
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
  /** Pixels as shown: rotated, square. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise that the picture is turned when shown: 0, 90, 180, 270. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Frames per second, average; absent for a still picture and where the file does not say. */
  readonly frameRate?: number;
  /** The stream has no rate, only moments by a clock; see `constant-frame-rate.ts`. */
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
