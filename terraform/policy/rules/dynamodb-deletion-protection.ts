import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Tables are protected against deletion. */
export const tableDeletionProtection: Rule = {
  id: "DynamoDB.6",
  description: "Tables are protected against deletion.",
  rationale: "One wrong apply or click would take every record.",
  appliesTo: ["aws_dynamodb_table"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "deletion_protection_enabled"),
      "can be deleted by one call",
      "Set deletion_protection_enabled to true.",
    ),
};
