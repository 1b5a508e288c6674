import { texts } from "../block-values.ts";
import { isOpen } from "../open-statement.ts";
import { type Rule, unless } from "../rule.ts";
import { statementsOf } from "../statements.ts";

/** No topic is open to everybody. */
export const closedTopic: Rule = {
  id: "CKV_AWS_169",
  what: "No topic is open to everybody.",
  why: "Anybody could publish made-up notifications, or listen.",
  appliesTo: ["aws_sns_topic", "aws_sns_topic_policy"],
  check: ({ body }) =>
    texts(body, "policy").flatMap((policy) =>
      unless(
        !(statementsOf(policy) ?? []).some(isOpen),
        "allows everybody",
        "Name the service or role in Principal, and the source in a condition.",
      ),
    ),
};
