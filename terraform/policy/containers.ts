import { type BlockBody, getBlocks, getString } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";
import type { Block } from "./resource-graph.ts";
import { failUnless, type Problem } from "./rule.ts";

/** Checks every container of a task definition. Container definitions that cannot be parsed before the plan are a problem. */
export const checkContainers = (
  { body }: Block,
  checkContainer: (container: BlockBody) => readonly Problem[],
): readonly Problem[] => {
  const containers = getBlocks(parseEmbeddedJson(getString(body, "container_definitions") ?? ""));
  return containers.length > 0
    ? containers.flatMap(checkContainer)
    : failUnless(
        false,
        "has container definitions that cannot be parsed before the plan",
        "Write container_definitions as JSON with expressions inside strings only.",
      );
};
