import { isOpen } from "../open-statement.ts";
import { everyPolicy } from "../policies.ts";
import { type Rule, unless } from "../rule.ts";

/** No topic is open to everybody. */
export const closedTopic: Rule = {
  id: "CKV_AWS_169",
  what: "No topic is open to everybody.",
  why: "Anybody could publish made-up notifications, or listen.",
  appliesTo: ["aws_sns_topic", "aws_sns_topic_policy"],
  check: (block, estate) =>
    everyPolicy(block, "policy", estate, (statements) =>
      unless(
        !statements.some(isOpen),
        "allows everybody",
        "Name the service or role in Principal, and the source in a condition.",
      ),
    ),
};
