import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Topics are encrypted by a KMS key of the account. */
export const topicCustomerKey: Rule = {
  id: "CKV_AWS_26",
  description: "Topics are encrypted by a KMS key of the account.",
  rationale:
    "Notifications name customers' files; and through AWS's own key, alarms and EventBridge cannot publish.",
  appliesTo: ["aws_sns_topic"],
  check: ({ body }) =>
    failUnless(
      hasCustomerKey(body, "kms_master_key_id"),
      "is not encrypted by a KMS key of the account",
      "Set kms_master_key_id to a KMS key of the account.",
    ),
};
