import { getString } from "../block-values.ts";
import { checkBehaviors, distributionType } from "../distributions.ts";
import type { Rule } from "../rule.ts";

/** Responses have security headers. */
export const distributionHeaders: Rule = {
  id: "CKV2_AWS_32",
  description: "Responses of CloudFront have security headers.",
  rationale:
    "Without them, browsers run injected scripts, guess content types and allow frames of other sites.",
  appliesTo: [distributionType],
  check: (distribution) =>
    checkBehaviors(
      distribution,
      (behavior) => getString(behavior, "response_headers_policy_id") !== undefined,
      "has no response headers policy",
      "Set response_headers_policy_id to an aws_cloudfront_response_headers_policy.",
    ),
};
