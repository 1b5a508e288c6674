import { text } from "../block-values.ts";
import type { Estate } from "../estate.ts";
import { type Rule, unless } from "../rule.ts";

/** Elastic Transcoder's resources know no tags, so their provider has none to give. */
const makesNothingWithTags = (alias: string | undefined, stack: string, estate: Estate): boolean =>
  alias !== undefined &&
  estate.blocks
    .filter((block) => block.stack === stack && text(block.body, "provider") === `aws.${alias}`)
    .every(({ type }) => type.startsWith("aws_elastictranscoder_"));

/** Everything is tagged with project, stage and stack. */
export const defaultTags: Rule = {
  id: "REELWAY_TAGS",
  what: "Everything is tagged with project, stage and stack.",
  why: "Nobody could say what a resource belongs to, nor what a stage costs.",
  appliesTo: ["provider.aws"],
  check: ({ body, stack }, estate) => {
    if (makesNothingWithTags(text(body, "alias"), stack, estate)) return [];
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
