import type { RecipeName } from "../recipes/recipe.ts";
import { getRecipeName, type Route } from "./route.ts";
import { getLiteralPrefix } from "./template.ts";

/** Recipes whose outputs are pictures taken from a video. */
export const thumbnailRecipes: ReadonlySet<RecipeName> = new Set(["thumbnail", "frames"]);

/**
 * What the keys of thumbnails begin with, for the rule that tells `on-output` of them: sorted, none of them part of
 * another. Other outputs may begin so too; the function tells them apart by their metadata.
 *
 * @returns empty where no route makes thumbnails; `[""]`, every key, where a template begins with a placeholder
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
