import { checkPolicyField } from "../policy-checks.ts";
import { isPublicStatement } from "../public-statement.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Topics are not public. */
export const noPublicTopicPolicy: Rule = {
  id: "CKV_AWS_169",
  description: "Topics are not public.",
  rationale: "Anyone could publish to a public topic or subscribe to it.",
  appliesTo: ["aws_sns_topic", "aws_sns_topic_policy"],
  check: (block, graph) =>
    checkPolicyField(block, "policy", graph, (statements) =>
      failUnless(
        !statements.some(isPublicStatement),
        "allows everyone",
        "Name the service or role in Principal, and the source in a condition.",
      ),
    ),
};
