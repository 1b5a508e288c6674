import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Logs are encrypted with a customer managed KMS key. */
export const logCustomerKey: Rule = {
  id: "CKV_AWS_158",
  description: "Logs are encrypted with a customer managed KMS key.",
  rationale: "Without one, a key policy cannot limit who reads logs, which name customers' files.",
  appliesTo: ["aws_cloudwatch_log_group"],
  check: ({ body }) =>
    failUnless(
      hasCustomerKey(body, "kms_key_id"),
      "is not encrypted with a customer managed KMS key",
      "Set kms_key_id to a KMS key whose policy allows CloudWatch Logs.",
    ),
};
