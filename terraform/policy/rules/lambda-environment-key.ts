import { getBlocks } from "../block-values.ts";
import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Function environment variables are encrypted with a customer managed KMS key. */
export const environmentKey: Rule = {
  id: "CKV_AWS_173",
  description: "Function environment variables are encrypted with a customer managed KMS key.",
  rationale: "Otherwise a principal that may read the function's configuration can read its variables.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    failUnless(
      getBlocks(body, "environment", "variables").length === 0 || hasCustomerKey(body, "kms_key_arn"),
      "has environment variables without a customer managed KMS key",
      "Set kms_key_arn to a customer managed KMS key.",
    ),
};
