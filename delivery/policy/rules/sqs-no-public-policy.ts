import { texts } from "../block-values.ts";
import { isOpen } from "../open-statement.ts";
import { type Rule, unless } from "../rule.ts";
import { statementsOf } from "../statements.ts";

/** No queue is open to everybody. */
export const closedQueue: Rule = {
  id: "CKV_AWS_168",
  what: "No queue is open to everybody.",
  why: "Anybody could put made-up events into it, or read what is in it.",
  appliesTo: ["aws_sqs_queue", "aws_sqs_queue_policy"],
  check: ({ body }) =>
    texts(body, "policy").flatMap((policy) =>
      unless(
        !(statementsOf(policy) ?? []).some(isOpen),
        "allows everybody",
        "Name the service or role in Principal, and the source in a condition.",
      ),
    ),
};
