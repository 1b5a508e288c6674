import { bodies } from "../block-values.ts";
import { hasCustomerKey } from "../customer-key.ts";
import { type Rule, unless } from "../rule.ts";

/** Variables of functions are encrypted by a KMS key of the account. */
export const environmentKey: Rule = {
  id: "CKV_AWS_173",
  what: "Variables of functions are encrypted by a KMS key of the account.",
  why: "Whoever may read the function's configuration could read its variables.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    unless(
      bodies(body, "environment", "variables").length === 0 || hasCustomerKey(body, "kms_key_arn"),
      "has variables that no key of the account encrypts",
      "Set kms_key_arn to a KMS key of the account.",
    ),
};
