import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** The use of an API is logged. */
export const apiAccessLogs: Rule = {
  id: "CKV_AWS_76",
  what: "The use of an API is logged.",
  why: "Nobody could say who called, and what was refused.",
  appliesTo: ["aws_apigatewayv2_stage"],
  check: ({ body }) =>
    unless(
      text(body, "access_log_settings", "destination_arn") !== undefined,
      "has no access logs",
      "Set access_log_settings to a log group and a format.",
    ),
};
