import type { Preset } from "../presets/preset.ts";

/** A part of the source, seconds. */
export interface TranscodeClip {
  readonly startSeconds: number;
  /** Absent: to the end of the source. */
  readonly durationSeconds?: number;
}
/** A slot of the preset's watermarks, and the picture's key in the input bucket. */
export interface TranscodeWatermark {
  readonly slot: string;
  readonly key: string;
}
export interface TranscodeOutput {
  /** The whole key; of an output in segments without `.m3u8` and `00000.ts`. */
  readonly key: string;
  readonly preset: Preset;
  /** Degrees clockwise, or `auto`: what the source's metadata asks for. */
  readonly rotate: "auto" | "0" | "90" | "180" | "270";
  /** Key of thumbnails without extension, with `{count}` and perhaps `{resolution}`; absent: none are made. */
  readonly thumbnailPattern?: string;
  /** Target length of a segment, seconds; absent: one file. */
  readonly segmentSeconds?: number;
  readonly watermarks?: readonly TranscodeWatermark[];
  readonly clip?: TranscodeClip;
}
/** A playlist or manifest over outputs of the same recipe. */
export interface TranscodePlaylist {
  /** The whole key without extension. */
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
