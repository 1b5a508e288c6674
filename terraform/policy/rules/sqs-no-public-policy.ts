import { checkPolicyField } from "../policy-checks.ts";
import { isPublicStatement } from "../public-statement.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Queues are not public. */
export const noPublicQueuePolicy: Rule = {
  id: "CKV_AWS_168",
  description: "Queues are not public.",
  rationale: "Anyone could send to a public queue or read its messages.",
  appliesTo: ["aws_sqs_queue", "aws_sqs_queue_policy"],
  check: (block, graph) =>
    checkPolicyField(block, "policy", graph, (statements) =>
      failUnless(
        !statements.some(isPublicStatement),
        "allows everyone",
        "Name the service or role in Principal, and the source in a condition.",
      ),
    ),
};
