import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Queues are encrypted by a KMS key of the account. */
export const queueCustomerKey: Rule = {
  id: "CKV_AWS_27",
  description: "Queues are encrypted by a KMS key of the account.",
  rationale: "Events name customers' files; and through AWS's own key, EventBridge and SNS cannot send.",
  appliesTo: ["aws_sqs_queue"],
  check: ({ body }) =>
    failUnless(
      hasCustomerKey(body, "kms_master_key_id"),
      "is not encrypted by a KMS key of the account",
      "Set kms_master_key_id to a KMS key of the account.",
    ),
};
