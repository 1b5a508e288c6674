import { getString, getStrings } from "../block-values.ts";
import { parseEmbeddedJson } from "../embedded-json.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every subscription of a topic has a dead-letter queue. */
export const subscriptionDeadLetters: Rule = {
  id: "REELWAY_SUBSCRIPTION_DLQ",
  description: "Every subscription of a topic has a dead-letter queue.",
  rationale:
    "SNS drops a notification that it cannot deliver, so the job stays open until the reconciler runs.",
  appliesTo: ["aws_sns_topic_subscription"],
  check: ({ body }) =>
    failUnless(
      getStrings(body, "redrive_policy").some(
        (policy) => getString(parseEmbeddedJson(policy), "deadLetterTargetArn") !== undefined,
      ),
      "has no dead-letter queue",
      "Set redrive_policy with deadLetterTargetArn, a queue that SNS may send to.",
    ),
};
