import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Functions have X-Ray tracing. */
export const functionTracing: Rule = {
  id: "CKV_AWS_50",
  description: "Functions have X-Ray tracing.",
  rationale: "Without tracing, the cause of a slow or failing upload is hard to find.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    failUnless(
      getString(body, "tracing_config", "mode") === "Active",
      "has no X-Ray tracing",
      "Set tracing_config.mode to Active.",
    ),
};
