import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** The use of an API is logged. */
export const apiAccessLogs: Rule = {
  id: "CKV_AWS_76",
  description: "The use of an API is logged.",
  rationale: "Nobody could say who called, and what was refused.",
  appliesTo: ["aws_apigatewayv2_stage"],
  check: ({ body }) =>
    failUnless(
      getString(body, "access_log_settings", "destination_arn") !== undefined,
      "has no access logs",
      "Set access_log_settings to a log group and a format.",
    ),
};
