import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Secrets are encrypted by a KMS key of the account. */
export const secretCustomerKey: Rule = {
  id: "CKV_AWS_149",
  description: "Secrets are encrypted by a KMS key of the account.",
  rationale: "Reading a secret would take one permission alone, and no other account could ever be let in.",
  appliesTo: ["aws_secretsmanager_secret"],
  check: ({ body }) =>
    failUnless(
      hasCustomerKey(body, "kms_key_id"),
      "is not encrypted by a KMS key of the account",
      "Set kms_key_id to a KMS key of the account.",
    ),
};
