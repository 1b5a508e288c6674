import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Secrets are encrypted with a customer managed KMS key. */
export const secretCustomerKey: Rule = {
  id: "CKV_AWS_149",
  description: "Secrets are encrypted with a customer managed KMS key.",
  rationale:
    "With a customer managed key, reading a secret needs a second permission, and other accounts can be granted access.",
  appliesTo: ["aws_secretsmanager_secret"],
  check: ({ body }) =>
    failUnless(
      hasCustomerKey(body, "kms_key_id"),
      "is not encrypted with a customer managed KMS key",
      "Set kms_key_id to a customer managed KMS key.",
    ),
};
