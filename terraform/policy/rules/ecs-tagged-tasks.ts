import { getString } from "../block-values.ts";
import { readPolicy } from "../policy-checks.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A role that starts tasks may tag them. */
export const taggedTasks: Rule = {
  id: "REELWAY_RUN_TASK_TAGS",
  description: "A role that starts tasks may tag them, only while it starts them.",
  rationale:
    "ECS refuses RunTask with tags otherwise, and without tags the cost of tasks belongs to no stage.",
  appliesTo: ["aws_iam_role_policy"],
  check: (block, graph) => {
    const statements = readPolicy(block, getString(block.body, "policy") ?? "", graph) ?? [];
    const allows = (action: string) =>
      statements.filter(({ isAllow, actions }) => isAllow && actions.includes(action));
    return failUnless(
      allows("ecs:RunTask").length === 0 ||
        allows("ecs:TagResource").some(({ conditions }) =>
          conditions.some(({ key, values }) => key === "ecs:CreateAction" && values.includes("RunTask")),
        ),
      "starts tasks that it may not tag",
      "Allow ecs:TagResource on the cluster's tasks, with the condition ecs:CreateAction RunTask.",
    );
  },
};
