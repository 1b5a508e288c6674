import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** A function keeps the events it could not take. */
export const functionDeadLetters: Rule = {
  id: "CKV_AWS_116",
  what: "A function keeps the events it could not take.",
  why: "Lambda drops an asynchronous event after two more tries or six hours, and nobody is told.",
  appliesTo: ["aws_lambda_function"],
  check: (block, estate) =>
    unless(
      text(block.body, "dead_letter_config", "target_arn") !== undefined ||
        estate
          .companions(block, "aws_lambda_function_event_invoke_config", "function_name")
          .some(({ body }) => text(body, "destination_config", "on_failure", "destination") !== undefined),
      "drops the asynchronous events it cannot take",
      "Set dead_letter_config.target_arn to a queue, or an on_failure destination.",
    ),
};
