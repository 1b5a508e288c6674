import { isTrue } from "../block-values.ts";
import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Tables are encrypted with a customer managed KMS key. */
export const tableCustomerKey: Rule = {
  id: "CKV_AWS_119",
  description: "Tables are encrypted with a customer managed KMS key.",
  rationale: "Without one, a key policy cannot limit or log who reads records.",
  appliesTo: ["aws_dynamodb_table"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "server_side_encryption", "enabled") &&
        hasCustomerKey(body, "server_side_encryption", "kms_key_arn"),
      "is not encrypted with a customer managed KMS key",
      "Set server_side_encryption.enabled and its kms_key_arn.",
    ),
};
