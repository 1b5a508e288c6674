import { isOn } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Tables are protected against deletion. */
export const tableDeletionProtection: Rule = {
  id: "DynamoDB.6",
  what: "Tables are protected against deletion.",
  why: "One wrong apply or click would take every record.",
  appliesTo: ["aws_dynamodb_table"],
  check: ({ body }) =>
    unless(
      isOn(body, "deletion_protection_enabled"),
      "can be deleted by one call",
      "Set deletion_protection_enabled to true.",
    ),
};
