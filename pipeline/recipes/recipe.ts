import type { TranscodeRecipe } from "../elastic-transcoder/transcode/transcode-recipe.ts";

/** A position in a source: seconds from the start, or percent of its duration. */
export type Moment = { readonly seconds: number } | { readonly percent: number };

export interface ThumbnailOptions {
  readonly name: "thumbnail";
  /** A position beyond the end is moved to the end. */
  readonly at: Moment;
}
export interface WatermarkOptions {
  readonly name: "watermark";
  /** Key of the image in the input bucket, unless the upload's metadata `watermark` contains another. */
  readonly image: string;
  readonly position: "top-left" | "top-right" | "bottom-left" | "bottom-right" | "center";
  /** Width of the image as a fraction of the frame's, 0–1. */
  readonly scale: number;
  /** Distance from the edges as a fraction of the frame's shorter side, 0–0.5. */
  readonly margin: number;
  /** 0 (invisible) to 1. */
  readonly opacity: number;
  /** Frames per second. Default 60. */
  readonly maxFrameRate?: number;
}
export interface ImageOptions {
  readonly name: "image";
  /** Bounding box, pixels. The image is never enlarged. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** 1–100. */
  readonly quality: number;
  /** `srgb`: colors are converted to sRGB. `keep`: RGB images keep their ICC profile. Absent in old jobs: `srgb`. */
  readonly colorProfile?: "srgb" | "keep";
  /** `keep`: WebP outputs keep all frames of GIF and WebP animations. Absent in old jobs: `first-frame`. */
  readonly animation?: "first-frame" | "keep";
}
export interface LadderOptions {
  readonly name: "ladder";
  /** Heights of the renditions in pixels; for portrait video, their widths. */
  readonly heights: readonly number[];
  /** Target duration of a segment, seconds. */
  readonly segmentSeconds: number;
  /** Interval between the sprite's images, seconds. Longer for a long source. */
  readonly spriteIntervalSeconds: number;
  /** Gives each audio track the loudness `loudnessLufs`. Absent in jobs of earlier versions: false. */
  readonly normalizeLoudness?: boolean;
  /** Integrated loudness, LUFS (EBU R 128). Default -16. */
  readonly loudnessLufs?: number;
  /** Frames per second. Default 60. */
  readonly maxFrameRate?: number;
}
export interface AudioOptions {
  readonly name: "audio";
  readonly bitRateKbps: number;
  /** False keeps the source's loudness. Absent in jobs of earlier versions: true. */
  readonly normalizeLoudness?: boolean;
  /** Integrated loudness, LUFS (EBU R 128). */
  readonly loudnessLufs: number;
}
export interface ClipOptions {
  readonly name: "clip";
  readonly start: Moment;
  /** What `start` counts from: the earliest track of the source, or its first frame. Default `source`. */
  readonly origin?: "source" | "first-frame";
  /** `frame`: exact, encoded. `keyframe`: from the keyframe at or before the start, not encoded. Default `frame`. */
  readonly cut?: "frame" | "keyframe";
  readonly durationSeconds: number;
  /** Frames per second. Default 60. */
  readonly maxFrameRate?: number;
  /**
   * In jobs of channels whose timestamps begin anew within the clip: the part of each source, in place of `start` and
   * `durationSeconds`. Such a clip is encoded, whatever `cut` is.
   */
  readonly parts?: readonly ClipPartOptions[];
}
/** A part of a clip: seconds from the first frame of its source. */
export interface ClipPartOptions {
  readonly startSeconds: number;
  readonly durationSeconds: number;
}
export interface FramesOptions {
  readonly name: "frames";
  readonly everySeconds: number;
  readonly maxWidth: number;
  readonly maxHeight: number;
  readonly format: "jpg" | "png";
}
/** The configuration has the preset's id. In a job's specification, the preset is resolved. */
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
/** Recipe in a job's specification. */
export type Recipe = Exclude<RecipeOptions, TranscodeOptions> | TranscodeRecipe;
export type RecipeName = Recipe["name"];

const recipesWithVideoEncoder: ReadonlySet<RecipeName> = new Set([
  "watermark",
  "ladder",
  "clip",
  "transcode",
]);

/** True if a recipe encodes video, not only single frames or audio. */
export const hasVideoEncoder = (name: RecipeName): boolean => recipesWithVideoEncoder.has(name);
