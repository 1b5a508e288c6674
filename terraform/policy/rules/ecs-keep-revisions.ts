import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A task definition keeps its earlier revisions. */
export const keptRevisions: Rule = {
  id: "REELWAY_TASK_DEFINITION",
  description:
    "A task definition is registered before its predecessor is given up, and earlier revisions stay.",
  rationale:
    "Tasks are started by family, also during a deployment: without an active revision, no job can start.",
  appliesTo: ["aws_ecs_task_definition"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "skip_destroy") && isTrue(body, "lifecycle", "create_before_destroy"),
      "deregisters its earlier revision",
      "Set skip_destroy and lifecycle.create_before_destroy to true.",
    ),
};
