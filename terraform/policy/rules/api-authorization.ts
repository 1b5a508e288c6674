import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** API Gateway asks who calls. */
export const apiAuthorization: Rule = {
  id: "CKV_AWS_309",
  description: "API Gateway asks who calls.",
  rationale: "Everybody could call what stands behind it.",
  appliesTo: ["aws_apigatewayv2_route"],
  check: ({ body }) =>
    failUnless(
      ["AWS_IAM", "JWT", "CUSTOM"].includes(getString(body, "authorization_type") ?? "NONE"),
      "lets everybody call",
      "Set authorization_type.",
    ),
};
