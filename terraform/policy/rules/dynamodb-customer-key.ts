import { isTrue } from "../block-values.ts";
import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Tables are encrypted by a KMS key of the account. */
export const tableCustomerKey: Rule = {
  id: "CKV_AWS_119",
  description: "Tables are encrypted by a KMS key of the account.",
  rationale: "Who may read records could not be bounded, nor logged, by a key.",
  appliesTo: ["aws_dynamodb_table"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "server_side_encryption", "enabled") &&
        hasCustomerKey(body, "server_side_encryption", "kms_key_arn"),
      "is not encrypted by a KMS key of the account",
      "Set server_side_encryption.enabled and its kms_key_arn.",
    ),
};
