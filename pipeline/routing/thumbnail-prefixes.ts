import type { RecipeName } from "../recipes/recipe.ts";
import { type Route, recipeOf } from "./route.ts";
import { literalPrefix } from "./template.ts";

/** Recipes whose outputs are pictures taken from a video. */
export const pictureRecipes: ReadonlySet<RecipeName> = new Set(["thumbnail", "frames"]);

/**
 * What the keys of thumbnails begin with, for the rule that tells `on-output` of them: sorted, none of them part of
 * another. Other outputs may begin so too; the function tells them apart by their metadata.
 *
 * @returns empty where no route makes thumbnails; `[""]`, every key, where a template begins with a placeholder
 */
export const thumbnailPrefixes = (routes: readonly Route[]): readonly string[] => {
  const all = new Set(
    routes
      .filter((route) => pictureRecipes.has(recipeOf(route)))
      .flatMap(({ outputs }) => outputs.map(literalPrefix)),
  );
  return [...all]
    .filter((prefix) => ![...all].some((other) => other !== prefix && prefix.startsWith(other)))
    .sort();
};
