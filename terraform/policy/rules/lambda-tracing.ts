import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Functions are traced. */
export const functionTracing: Rule = {
  id: "CKV_AWS_50",
  description: "Functions are traced.",
  rationale: "Nobody could see where a slow or failing upload spent its time.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    failUnless(
      getString(body, "tracing_config", "mode") === "Active",
      "is not traced",
      "Set tracing_config.mode to Active.",
    ),
};
