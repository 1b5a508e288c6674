import { isOn, text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Keys turn every year. */
export const keyRotation: Rule = {
  id: "CKV_AWS_7",
  what: "Keys turn every year.",
  why: "All that was ever written hangs on one piece of key material.",
  appliesTo: ["aws_kms_key"],
  check: ({ body }) =>
    unless(
      isOn(body, "enable_key_rotation") ||
        !["SYMMETRIC_DEFAULT", undefined].includes(text(body, "customer_master_key_spec")),
      "does not turn",
      "Set enable_key_rotation to true.",
    ),
};
