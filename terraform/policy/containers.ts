import { type BlockBody, getBlocks, getString } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";
import type { Block } from "./resource-graph.ts";
import { failUnless, type Problem } from "./rule.ts";

/** Looks at every container of a task definition; one that cannot be read before the plan is a problem itself. */
export const checkContainers = (
  { body }: Block,
  checkContainer: (container: BlockBody) => readonly Problem[],
): readonly Problem[] => {
  const containers = getBlocks(parseEmbeddedJson(getString(body, "container_definitions") ?? ""));
  return containers.length > 0
    ? containers.flatMap(checkContainer)
    : failUnless(
        false,
        "has containers that cannot be read before the plan",
        "Write container_definitions as JSON with expressions in its texts alone.",
      );
};
