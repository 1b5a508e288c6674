import type { RecipeName } from "../recipes/recipe.ts";
import { getRecipeName, type Route } from "./route.ts";
import { getLiteralPrefix } from "./template.ts";

/** Recipes whose outputs are images from a video. */
export const thumbnailRecipes: ReadonlySet<RecipeName> = new Set(["thumbnail", "frames"]);

/**
 * Finds the key prefixes of thumbnails for the rule of `on-output`, sorted and without prefixes of each other. Other
 * outputs may have them too; the function checks the objects' metadata.
 *
 * @returns empty if no route writes thumbnails; `[""]`, i.e. every key, if a template begins with a placeholder
 */
export const findThumbnailPrefixes = (routes: readonly Route[]): readonly string[] => {
  const prefixes = new Set(
    routes
      .filter((route) => thumbnailRecipes.has(getRecipeName(route)))
      .flatMap(({ outputs }) => outputs.map(getLiteralPrefix)),
  );
  return [...prefixes]
    .filter((prefix) => ![...prefixes].some((other) => other !== prefix && prefix.startsWith(other)))
    .sort();
};
