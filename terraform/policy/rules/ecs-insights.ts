import { getBlocks, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A cluster has Container Insights. */
export const clusterInsights: Rule = {
  id: "CKV_AWS_65",
  description: "A cluster has Container Insights.",
  rationale: "Nobody could see the memory and CPU that a task had when it died.",
  appliesTo: ["aws_ecs_cluster"],
  check: ({ body }) =>
    failUnless(
      getBlocks(body, "setting").some(
        (setting) =>
          getString(setting, "name") === "containerInsights" &&
          ["enabled", "enhanced"].includes(getString(setting, "value") ?? ""),
      ),
      "has no Container Insights",
      "Add the setting containerInsights with the value enabled.",
    ),
};
