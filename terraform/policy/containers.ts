import { type Body, bodies, text } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";
import type { Block } from "./estate.ts";
import { type Problem, unless } from "./rule.ts";

/** Looks at every container of a task definition; one that cannot be read before the plan is a problem itself. */
export const everyContainer = (
  { body }: Block,
  check: (container: Body) => readonly Problem[],
): readonly Problem[] => {
  const containers = bodies(parseEmbeddedJson(text(body, "container_definitions") ?? ""));
  return containers.length > 0
    ? containers.flatMap(check)
    : unless(
        false,
        "has containers that cannot be read before the plan",
        "Write container_definitions as JSON with expressions in its texts alone.",
      );
};
