import { getBlocks, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Clusters have Container Insights. */
export const clusterInsights: Rule = {
  id: "CKV_AWS_65",
  description: "Clusters have Container Insights.",
  rationale: "Without it, the memory and CPU use of a failed task is not recorded.",
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
