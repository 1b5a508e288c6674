import { getString } from "../block-values.ts";
import { checkBehaviors, distributionType } from "../distributions.ts";
import type { Rule } from "../rule.ts";

/** CloudFront serves viewers over HTTPS only. */
export const distributionHttps: Rule = {
  id: "CKV_AWS_34",
  description: "CloudFront serves viewers over HTTPS only.",
  rationale: "Otherwise sessions, signed URLs and media can cross the network unencrypted.",
  appliesTo: [distributionType],
  check: (distribution) =>
    checkBehaviors(
      distribution,
      (behavior) =>
        ["https-only", "redirect-to-https"].includes(getString(behavior, "viewer_protocol_policy") ?? ""),
      "allows requests without TLS",
      "Set viewer_protocol_policy to https-only or redirect-to-https.",
    ),
};
