import { bodies, text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** A cluster has Container Insights. */
export const clusterInsights: Rule = {
  id: "CKV_AWS_65",
  what: "A cluster has Container Insights.",
  why: "Nobody could see the memory and CPU that a task had when it died.",
  appliesTo: ["aws_ecs_cluster"],
  check: ({ body }) =>
    unless(
      bodies(body, "setting").some(
        (setting) =>
          text(setting, "name") === "containerInsights" &&
          ["enabled", "enhanced"].includes(text(setting, "value") ?? ""),
      ),
      "has no Container Insights",
      "Add the setting containerInsights with the value enabled.",
    ),
};
