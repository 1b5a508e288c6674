import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** API access is logged. */
export const apiAccessLogs: Rule = {
  id: "CKV_AWS_76",
  description: "API access is logged.",
  rationale: "Without access logs, callers and denied requests cannot be traced.",
  appliesTo: ["aws_apigatewayv2_stage"],
  check: ({ body }) =>
    failUnless(
      getString(body, "access_log_settings", "destination_arn") !== undefined,
      "has no access logs",
      "Set access_log_settings to a log group and a format.",
    ),
};
