import { getBlocks } from "../block-values.ts";
import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Variables of functions are encrypted by a KMS key of the account. */
export const environmentKey: Rule = {
  id: "CKV_AWS_173",
  description: "Variables of functions are encrypted by a KMS key of the account.",
  rationale: "Whoever may read the function's configuration could read its variables.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    failUnless(
      getBlocks(body, "environment", "variables").length === 0 || hasCustomerKey(body, "kms_key_arn"),
      "has variables that no key of the account encrypts",
      "Set kms_key_arn to a KMS key of the account.",
    ),
};
