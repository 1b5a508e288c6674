import { getString, isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Keys turn every year. */
export const keyRotation: Rule = {
  id: "CKV_AWS_7",
  description: "Keys turn every year.",
  rationale: "All that was ever written hangs on one piece of key material.",
  appliesTo: ["aws_kms_key"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "enable_key_rotation") ||
        !["SYMMETRIC_DEFAULT", undefined].includes(getString(body, "customer_master_key_spec")),
      "does not turn",
      "Set enable_key_rotation to true.",
    ),
};
