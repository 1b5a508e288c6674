import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** The task role differs from the execution role. */
export const separateTaskRoles: Rule = {
  id: "CKV_AWS_249",
  description: "The task role differs from the execution role.",
  rationale:
    "With one role, the program that reads hostile media has the ECS agent's permissions, and the agent has access to media.",
  appliesTo: ["aws_ecs_task_definition"],
  check: ({ body }) => {
    const task = getString(body, "task_role_arn");
    return failUnless(
      task !== undefined && task !== getString(body, "execution_role_arn"),
      "has no separate task role",
      "Set task_role_arn to another role than execution_role_arn.",
    );
  },
};
