import type { Recipe } from "./recipe.ts";

/** Latest position in a source that a recipe specifies in seconds; 0 if it specifies none. */
export const getLatestPosition = (recipe: Recipe): number => {
  switch (recipe.name) {
    case "thumbnail":
      return "seconds" in recipe.at ? recipe.at.seconds : 0;
    case "clip":
      return "seconds" in recipe.start ? recipe.start.seconds + recipe.durationSeconds : 0;
    case "transcode":
      return Math.max(
        0,
        ...recipe.outputs.map(({ clip }) =>
          clip === undefined ? 0 : clip.startSeconds + (clip.durationSeconds ?? 0),
        ),
      );
    default:
      return 0;
  }
};
