import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Logs are encrypted by a KMS key of the account. */
export const logCustomerKey: Rule = {
  id: "CKV_AWS_158",
  description: "Logs are encrypted by a KMS key of the account.",
  rationale: "Who may read logs, which name customers' files, could not be bounded by a key.",
  appliesTo: ["aws_cloudwatch_log_group"],
  check: ({ body }) =>
    failUnless(
      hasCustomerKey(body, "kms_key_id"),
      "is not encrypted by a KMS key of the account",
      "Set kms_key_id to a KMS key whose policy lets CloudWatch Logs use it.",
    ),
};
