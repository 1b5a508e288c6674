import type { RecipeName, RecipeOptions } from "../recipes/recipe.ts";

export const engines = ["elastic-transcoder", "ffmpeg"] as const;
export type Engine = (typeof engines)[number];
export type Trigger = "lambda" | "eventbridge";

interface RouteBase {
  readonly name: string;
  /** Empty, or ending in `/`. */
  readonly prefix: string;
  /** Lower case, without the dot. */
  readonly extensions: readonly string[];
  readonly trigger: Trigger;
  /** Output key templates, see `pipeline/routing/template.ts`. */
  readonly outputs: readonly string[];
}
export interface FfmpegRoute extends RouteBase {
  readonly engine: "ffmpeg";
  readonly recipe: RecipeOptions;
}
export interface TranscoderRoute extends RouteBase {
  readonly engine: "elastic-transcoder";
  /** Preset id of the transcoder API. */
  readonly preset: string;
}
export type Route = FfmpegRoute | TranscoderRoute;

/** Name of a route's recipe. */
export const getRecipeName = (route: Route): RecipeName =>
  route.engine === "ffmpeg" ? route.recipe.name : "transcode";
