import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Everything is tagged with project, stage and stack. */
export const defaultTags: Rule = {
  id: "REELWAY_TAGS",
  what: "Everything is tagged with project, stage and stack.",
  why: "Nobody could say what a resource belongs to, nor what a stage costs.",
  appliesTo: ["provider.aws"],
  check: ({ body }) => {
    const missing = ["project", "stage", "stack"].filter(
      (tag) => text(body, "default_tags", "tags", tag) === undefined,
    );
    return unless(
      missing.length === 0,
      `does not tag what it makes with ${missing.join(", ")}`,
      "Set them in default_tags of the provider.",
    );
  },
};
