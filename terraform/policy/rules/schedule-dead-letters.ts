import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every schedule has a dead-letter queue. */
export const scheduleDeadLetters: Rule = {
  id: "REELWAY_SCHEDULE_DLQ",
  description: "Every schedule has a dead-letter queue.",
  rationale:
    "Without one, a schedule that cannot invoke its target fails silently, and the sweep and the reconciler stop.",
  appliesTo: ["aws_scheduler_schedule"],
  check: ({ body }) =>
    failUnless(
      getString(body, "target", "dead_letter_config", "arn") !== undefined,
      "has no dead-letter queue",
      "Set target.dead_letter_config.arn to a queue that the schedule's role may send to.",
    ),
};
