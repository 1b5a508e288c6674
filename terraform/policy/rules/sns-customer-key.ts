import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Topics are encrypted with a customer managed KMS key. */
export const topicCustomerKey: Rule = {
  id: "CKV_AWS_26",
  description: "Topics are encrypted with a customer managed KMS key.",
  rationale:
    "Notifications name customers' files, and with the AWS managed key, alarms and EventBridge cannot publish.",
  appliesTo: ["aws_sns_topic"],
  check: ({ body }) =>
    failUnless(
      hasCustomerKey(body, "kms_master_key_id"),
      "is not encrypted with a customer managed KMS key",
      "Set kms_master_key_id to a customer managed KMS key.",
    ),
};
