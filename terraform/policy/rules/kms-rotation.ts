import { getString, isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** KMS keys are rotated every year. */
export const keyRotation: Rule = {
  id: "CKV_AWS_7",
  description: "KMS keys are rotated every year.",
  rationale: "Without rotation, all data depends on one piece of key material.",
  appliesTo: ["aws_kms_key"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "enable_key_rotation") ||
        !["SYMMETRIC_DEFAULT", undefined].includes(getString(body, "customer_master_key_spec")),
      "is not rotated",
      "Set enable_key_rotation to true.",
    ),
};
