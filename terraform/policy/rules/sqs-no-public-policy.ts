import { checkPolicyField } from "../policy-checks.ts";
import { isPublicStatement } from "../public-statement.ts";
import { failUnless, type Rule } from "../rule.ts";

/** No queue is open to everybody. */
export const noPublicQueuePolicy: Rule = {
  id: "CKV_AWS_168",
  description: "No queue is open to everybody.",
  rationale: "Anybody could put made-up events into it, or read what is in it.",
  appliesTo: ["aws_sqs_queue", "aws_sqs_queue_policy"],
  check: (block, graph) =>
    checkPolicyField(block, "policy", graph, (statements) =>
      failUnless(
        !statements.some(isPublicStatement),
        "allows everybody",
        "Name the service or role in Principal, and the source in a condition.",
      ),
    ),
};
