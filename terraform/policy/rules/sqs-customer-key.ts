import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Queues are encrypted with a customer managed KMS key. */
export const queueCustomerKey: Rule = {
  id: "CKV_AWS_27",
  description: "Queues are encrypted with a customer managed KMS key.",
  rationale: "Events name customers' files, and with the AWS managed key, EventBridge and SNS cannot send.",
  appliesTo: ["aws_sqs_queue"],
  check: ({ body }) =>
    failUnless(
      hasCustomerKey(body, "kms_master_key_id"),
      "is not encrypted with a customer managed KMS key",
      "Set kms_master_key_id to a customer managed KMS key.",
    ),
};
