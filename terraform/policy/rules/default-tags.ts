import { getString } from "../block-values.ts";
import type { ResourceGraph } from "../resource-graph.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Elastic Transcoder's resources know no tags, so their provider has none to give. */
const hasNoTaggableResources = (alias: string | undefined, stack: string, graph: ResourceGraph): boolean =>
  alias !== undefined &&
  graph.blocks
    .filter((block) => block.stack === stack && getString(block.body, "provider") === `aws.${alias}`)
    .every(({ type }) => type.startsWith("aws_elastictranscoder_"));

/** Everything is tagged with project, stage and stack. */
export const defaultTags: Rule = {
  id: "REELWAY_TAGS",
  description: "Everything is tagged with project, stage and stack.",
  rationale: "Nobody could say what a resource belongs to, nor what a stage costs.",
  appliesTo: ["provider.aws"],
  check: ({ body, stack }, graph) => {
    if (hasNoTaggableResources(getString(body, "alias"), stack, graph)) return [];
    const missing = ["project", "stage", "stack"].filter(
      (tag) => getString(body, "default_tags", "tags", tag) === undefined,
    );
    return failUnless(
      missing.length === 0,
      `does not tag what it makes with ${missing.join(", ")}`,
      "Set them in default_tags of the provider.",
    );
  },
};
