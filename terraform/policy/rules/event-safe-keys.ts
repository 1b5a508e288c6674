import { getString, getStrings, getValues } from "../block-values.ts";
import { parseEmbeddedJson } from "../embedded-json.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Wildcards that exclude quotation marks and backslashes. */
const requiredExclusions = ['*"*', "*\\\\*"];

/** Keys of objects reach an input transformer only if they cannot change its JSON. */
export const safeKeys: Rule = {
  id: "REELWAY_SAFE_KEYS",
  description: "Keys with a quotation mark or a backslash do not reach an input transformer.",
  rationale:
    "EventBridge does not escape what it inserts into a template, so the key of an upload could change a task's command, environment and role.",
  appliesTo: ["aws_cloudwatch_event_target"],
  check: (block, graph) => {
    const paths = getValues(block.body, "input_transformer", "input_paths").map((value) =>
      JSON.stringify(value),
    );
    if (!paths.some((path) => path.includes("$.detail.object.key"))) return [];
    const rule = graph.find(block, getString(block.body, "rule"), "aws_cloudwatch_event_rule");
    const pattern = parseEmbeddedJson(getString(rule?.body, "event_pattern") ?? "");
    const excluded = getStrings(pattern, "detail", "object", "key", "anything-but", "wildcard");
    return failUnless(
      requiredExclusions.every((exclusion) => excluded.includes(exclusion)),
      "inserts keys of objects without excluding those that would change its JSON",
      `Exclude the wildcards ${requiredExclusions.join(" and ")} in detail.object.key of the rule's event pattern.`,
    );
  },
};
