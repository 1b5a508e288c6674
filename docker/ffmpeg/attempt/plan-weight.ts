import { computeOutputWeight } from "../../../pipeline/elastic-transcoder/transcode/output-weight.ts";
import type { Recipe } from "../../../pipeline/recipes/recipe.ts";

/**
 * Total weight of a recipe's steps. A plan is a generator, so its steps are not known in advance. If a plan repeats a
 * step, progress stays at the end value.
 */
export const computePlanWeight = (recipe: Recipe): number => {
  switch (recipe.name) {
    case "audio":
      return recipe.normalizeLoudness === false ? 2 : 4;
    case "ladder":
      return 13;
    case "transcode":
      return recipe.outputs.reduce((sum, output) => sum + computeOutputWeight(output), 0);
    default:
      return 1;
  }
};
