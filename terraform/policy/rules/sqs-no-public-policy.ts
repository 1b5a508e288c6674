import { isOpen } from "../open-statement.ts";
import { everyPolicy } from "../policies.ts";
import { type Rule, unless } from "../rule.ts";

/** No queue is open to everybody. */
export const closedQueue: Rule = {
  id: "CKV_AWS_168",
  what: "No queue is open to everybody.",
  why: "Anybody could put made-up events into it, or read what is in it.",
  appliesTo: ["aws_sqs_queue", "aws_sqs_queue_policy"],
  check: (block, estate) =>
    everyPolicy(block, "policy", estate, (statements) =>
      unless(
        !statements.some(isOpen),
        "allows everybody",
        "Name the service or role in Principal, and the source in a condition.",
      ),
    ),
};
