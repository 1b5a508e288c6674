import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every target of an EventBridge rule has a dead-letter queue. */
export const eventTargetDeadLetters: Rule = {
  id: "REELWAY_EVENT_TARGET_DLQ",
  description: "Every target of an EventBridge rule has a dead-letter queue.",
  rationale:
    "EventBridge drops an event after 24 hours or 185 retries, and at once without permission, so an upload would never become a job.",
  appliesTo: ["aws_cloudwatch_event_target"],
  check: ({ body }) =>
    failUnless(
      getString(body, "dead_letter_config", "arn") !== undefined,
      "has no dead-letter queue",
      "Set dead_letter_config.arn to a queue that EventBridge may send to.",
    ),
};
