import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Functions are traced. */
export const functionTracing: Rule = {
  id: "CKV_AWS_50",
  what: "Functions are traced.",
  why: "Nobody could see where a slow or failing upload spent its time.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    unless(
      text(body, "tracing_config", "mode") === "Active",
      "is not traced",
      "Set tracing_config.mode to Active.",
    ),
};
