import type { TranscodeRecipe } from "../elastic-transcoder/transcode/transcode-recipe.ts";

/** A moment of a clip: seconds from the start, or per cent of its length. */
export type Moment = { readonly seconds: number } | { readonly percent: number };

export interface ThumbnailOptions {
  readonly name: "thumbnail";
  /** Clamped into a shorter clip. */
  readonly at: Moment;
}
export interface WatermarkOptions {
  readonly name: "watermark";
  /** Key in the input bucket of the image that is used unless the upload's metadata `watermark` names one. */
  readonly image: string;
  readonly position: "top-left" | "top-right" | "bottom-left" | "bottom-right" | "center";
  /** Width of the image as a fraction of the frame's, 0–1. */
  readonly scale: number;
  /** Distance from the edges as a fraction of the frame's shorter side, 0–0.5. */
  readonly margin: number;
  /** 0 (invisible) to 1. */
  readonly opacity: number;
}
export interface ImageOptions {
  readonly name: "image";
  /** Pixels; the picture fits into it and is never enlarged. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** 1–100. */
  readonly quality: number;
}
export interface LadderOptions {
  readonly name: "ladder";
  /** Heights of the renditions in pixels (of the shorter side where the picture stands upright). */
  readonly heights: readonly number[];
  /** Target length of a segment, seconds. */
  readonly segmentSeconds: number;
  /** Distance of the sprite's pictures, seconds; a long clip gets a longer one. */
  readonly spriteIntervalSeconds: number;
}
export interface AudioOptions {
  readonly name: "audio";
  readonly bitRateKbps: number;
  /** Integrated loudness, LUFS (EBU R 128). */
  readonly loudnessLufs: number;
}
export interface ClipOptions {
  readonly name: "clip";
  readonly start: Moment;
  readonly durationSeconds: number;
}
export interface FramesOptions {
  readonly name: "frames";
  readonly everySeconds: number;
  readonly maxWidth: number;
  readonly maxHeight: number;
  readonly format: "jpg" | "png";
}
/** In the configuration `transcode` names a preset; in a job's specification the preset is resolved. */
export interface TranscodeOptions {
  readonly name: "transcode";
  readonly preset: string;
}
export type RecipeOptions =
  | ThumbnailOptions
  | WatermarkOptions
  | ImageOptions
  | LadderOptions
  | AudioOptions
  | ClipOptions
  | FramesOptions
  | TranscodeOptions;
/** What a job's specification holds. */
export type Recipe = Exclude<RecipeOptions, TranscodeOptions> | TranscodeRecipe;
export type RecipeName = Recipe["name"];
