import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** The task's role is another than the one that starts it. */
export const rolesApart: Rule = {
  id: "CKV_AWS_249",
  what: "The task's role is another than the one that starts it.",
  why: "The program that reads hostile media could pull images and write logs as the agent does, or the agent read media.",
  appliesTo: ["aws_ecs_task_definition"],
  check: ({ body }) => {
    const task = text(body, "task_role_arn");
    return unless(
      task !== undefined && task !== text(body, "execution_role_arn"),
      "has no role of its own for the task",
      "Give task_role_arn another role than execution_role_arn.",
    );
  },
};
