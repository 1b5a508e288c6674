import { checkPolicyField } from "../policy-checks.ts";
import { isPublicStatement } from "../public-statement.ts";
import { failUnless, type Rule } from "../rule.ts";

/** No topic is open to everybody. */
export const noPublicTopicPolicy: Rule = {
  id: "CKV_AWS_169",
  description: "No topic is open to everybody.",
  rationale: "Anybody could publish made-up notifications, or listen.",
  appliesTo: ["aws_sns_topic", "aws_sns_topic_policy"],
  check: (block, graph) =>
    checkPolicyField(block, "policy", graph, (statements) =>
      failUnless(
        !statements.some(isPublicStatement),
        "allows everybody",
        "Name the service or role in Principal, and the source in a condition.",
      ),
    ),
};
