import { getString } from "../block-values.ts";
import { behaviours } from "../cache-behaviours.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A distribution answers with security headers. */
export const distributionHeaders: Rule = {
  id: "CKV2_AWS_32",
  description: "A distribution answers with security headers.",
  rationale: "A browser could be made to frame the page, or to take media for scripts.",
  appliesTo: ["aws_cloudfront_distribution"],
  check: ({ body }) =>
    failUnless(
      behaviours(body).every((behaviour) => getString(behaviour, "response_headers_policy_id") !== undefined),
      "answers without security headers",
      "Set response_headers_policy_id on every behaviour.",
    ),
};
