import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Tables are protected against deletion. */
export const tableDeletionProtection: Rule = {
  id: "DynamoDB.6",
  description: "Tables are protected against deletion.",
  rationale: "One wrong apply or click can delete every record.",
  appliesTo: ["aws_dynamodb_table"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "deletion_protection_enabled"),
      "has no deletion protection",
      "Set deletion_protection_enabled to true.",
    ),
};
