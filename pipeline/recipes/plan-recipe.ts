import { planTranscode } from "../elastic-transcoder/transcode/transcode.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { planAudio } from "./audio.ts";
import { planClip } from "./clip.ts";
import { planFrames } from "./frames.ts";
import { planImage } from "./image.ts";
import { planLadder } from "./ladder.ts";
import type { Recipe } from "./recipe.ts";
import { planThumbnail } from "./thumbnail.ts";
import { planWatermark } from "./watermark.ts";

/** Plans any recipe. The plan's first step throws a JobFailure if the recipe cannot process the source. */
export const planRecipe = (recipe: Recipe, context: PlanContext): Plan => {
  switch (recipe.name) {
    case "thumbnail":
      return planThumbnail(recipe, context);
    case "watermark":
      return planWatermark(recipe, context);
    case "image":
      return planImage(recipe, context);
    case "ladder":
      return planLadder(recipe, context);
    case "audio":
      return planAudio(recipe, context);
    case "clip":
      return planClip(recipe, context);
    case "frames":
      return planFrames(recipe, context);
    case "transcode":
      return planTranscode(recipe, context);
  }
};
