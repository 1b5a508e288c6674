import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every function has a dead-letter queue. */
export const functionDeadLetters: Rule = {
  id: "CKV_AWS_116",
  description: "Every function has a dead-letter queue.",
  rationale: "Lambda silently drops an asynchronous event after two retries or six hours.",
  appliesTo: ["aws_lambda_function"],
  check: (block, graph) =>
    failUnless(
      getString(block.body, "dead_letter_config", "target_arn") !== undefined ||
        graph
          .relatedTo(block, "aws_lambda_function_event_invoke_config", "function_name")
          .some(
            ({ body }) => getString(body, "destination_config", "on_failure", "destination") !== undefined,
          ),
      "has no dead-letter queue for asynchronous events",
      "Set dead_letter_config.target_arn to a queue, or an on_failure destination.",
    ),
};
