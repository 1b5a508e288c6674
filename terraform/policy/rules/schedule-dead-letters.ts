import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Every schedule has a dead-letter queue. */
export const scheduleDeadLetters: Rule = {
  id: "REELWAY_SCHEDULE_DLQ",
  what: "Every schedule has a dead-letter queue.",
  why: "A schedule that may not call its target fails silently, and nothing sweeps or reconciles any more.",
  appliesTo: ["aws_scheduler_schedule"],
  check: ({ body }) =>
    unless(
      text(body, "target", "dead_letter_config", "arn") !== undefined,
      "has no dead-letter queue",
      "Set target.dead_letter_config.arn to a queue that the schedule's role may send to.",
    ),
};
