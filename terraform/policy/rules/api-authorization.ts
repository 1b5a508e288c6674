import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** API Gateway asks who calls. */
export const apiAuthorization: Rule = {
  id: "CKV_AWS_309",
  what: "API Gateway asks who calls.",
  why: "Everybody could call what stands behind it.",
  appliesTo: ["aws_apigatewayv2_route"],
  check: ({ body }) =>
    unless(
      ["AWS_IAM", "JWT", "CUSTOM"].includes(text(body, "authorization_type") ?? "NONE"),
      "lets everybody call",
      "Set authorization_type.",
    ),
};
