import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** The task's role is another than the one that starts it. */
export const separateTaskRoles: Rule = {
  id: "CKV_AWS_249",
  description: "The task's role is another than the one that starts it.",
  rationale:
    "The program that reads hostile media could pull images and write logs as the agent does, or the agent read media.",
  appliesTo: ["aws_ecs_task_definition"],
  check: ({ body }) => {
    const task = getString(body, "task_role_arn");
    return failUnless(
      task !== undefined && task !== getString(body, "execution_role_arn"),
      "has no role of its own for the task",
      "Give task_role_arn another role than execution_role_arn.",
    );
  },
};
