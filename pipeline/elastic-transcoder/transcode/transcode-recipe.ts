import type { Preset } from "../presets/preset.ts";

/** A clip of the source. */
export interface TranscodeClip {
  readonly startSeconds: number;
  /** Absent: to the end of the source. */
  readonly durationSeconds?: number;
}
/** A watermark id of the preset and the key of the image in the input bucket. */
export interface TranscodeWatermark {
  readonly slot: string;
  readonly key: string;
}
export interface TranscodeOutput {
  /** Full key; of a segmented output without `.m3u8` and `00000.ts`. */
  readonly key: string;
  readonly preset: Preset;
  /** Degrees clockwise, or `auto`: as in the source's metadata. */
  readonly rotate: "auto" | "0" | "90" | "180" | "270";
  /** Key of the thumbnails without extension, with `{count}` and optionally `{resolution}`; absent: no thumbnails. */
  readonly thumbnailPattern?: string;
  /** Target duration of a segment, seconds; absent: one file. */
  readonly segmentSeconds?: number;
  readonly watermarks?: readonly TranscodeWatermark[];
  readonly clip?: TranscodeClip;
}
/** A playlist or manifest over outputs of the same recipe. */
export interface TranscodePlaylist {
  /** Full key without extension. */
  readonly name: string;
  readonly format: "HLSv3" | "MPEG-DASH";
  /** Keys of outputs. */
  readonly outputKeys: readonly string[];
}
export interface TranscodeRecipe {
  readonly name: "transcode";
  readonly outputs: readonly TranscodeOutput[];
  readonly playlists?: readonly TranscodePlaylist[];
}
