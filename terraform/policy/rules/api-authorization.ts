import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every route of an API requires authorization. */
export const apiAuthorization: Rule = {
  id: "CKV_AWS_309",
  description: "Every route of an API requires authorization.",
  rationale: "Without authorization, anyone can call the functions behind the API.",
  appliesTo: ["aws_apigatewayv2_route"],
  check: ({ body }) =>
    failUnless(
      ["AWS_IAM", "JWT", "CUSTOM"].includes(getString(body, "authorization_type") ?? "NONE"),
      "requires no authorization",
      "Set authorization_type.",
    ),
};
