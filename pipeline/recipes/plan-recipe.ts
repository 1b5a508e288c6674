import { transcode } from "../elastic-transcoder/transcode/transcode.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { audio } from "./audio.ts";
import { clip } from "./clip.ts";
import { frames } from "./frames.ts";
import { image } from "./image.ts";
import { ladder } from "./ladder.ts";
import type { Recipe } from "./recipe.ts";
import { thumbnail } from "./thumbnail.ts";
import { watermark } from "./watermark.ts";

/** The plan of any recipe. @throws JobFailure, at the first step, where the recipe cannot work the source */
export const planRecipe = (recipe: Recipe, context: PlanContext): Plan => {
  switch (recipe.name) {
    case "thumbnail":
      return thumbnail(recipe, context);
    case "watermark":
      return watermark(recipe, context);
    case "image":
      return image(recipe, context);
    case "ladder":
      return ladder(recipe, context);
    case "audio":
      return audio(recipe, context);
    case "clip":
      return clip(recipe, context);
    case "frames":
      return frames(recipe, context);
    case "transcode":
      return transcode(recipe, context);
  }
};
