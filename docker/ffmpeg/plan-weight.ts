import { computeOutputWeight } from "../../pipeline/elastic-transcoder/transcode/output-weight.ts";
import type { Recipe } from "../../pipeline/recipes/recipe.ts";

/**
 * The weights of a recipe's steps, added up: a plan is a generator, which cannot tell beforehand. Extra steps of a
 * plan that had to try twice then only stand still at the end.
 */
export const computePlanWeight = (recipe: Recipe): number => {
  switch (recipe.name) {
    case "audio":
      return 3;
    case "ladder":
      return 12;
    case "transcode":
      return recipe.outputs.reduce((sum, output) => sum + computeOutputWeight(output), 0);
    default:
      return 1;
  }
};
