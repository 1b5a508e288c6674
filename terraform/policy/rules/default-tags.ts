import { getString } from "../block-values.ts";
import type { ResourceGraph } from "../resource-graph.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Elastic Transcoder's resources do not support tags, so their provider needs none. */
const hasNoTaggableResources = (alias: string | undefined, stack: string, graph: ResourceGraph): boolean =>
  alias !== undefined &&
  graph.blocks
    .filter((block) => block.stack === stack && getString(block.body, "provider") === `aws.${alias}`)
    .every(({ type }) => type.startsWith("aws_elastictranscoder_"));

/** All resources are tagged with project, stage and stack. */
export const defaultTags: Rule = {
  id: "REELWAY_TAGS",
  description: "All resources are tagged with project, stage and stack.",
  rationale: "Without tags, resources and costs cannot be attributed to a stage.",
  appliesTo: ["provider.aws"],
  check: ({ body, stack }, graph) => {
    if (hasNoTaggableResources(getString(body, "alias"), stack, graph)) return [];
    const missing = ["project", "stage", "stack"].filter(
      (tag) => getString(body, "default_tags", "tags", tag) === undefined,
    );
    return failUnless(
      missing.length === 0,
      `does not tag its resources with ${missing.join(", ")}`,
      "Set them in default_tags of the provider.",
    );
  },
};
