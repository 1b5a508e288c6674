import { getString } from "../block-values.ts";
import { behaviours } from "../cache-behaviours.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A distribution answers over HTTPS alone. */
export const distributionHttps: Rule = {
  id: "CKV_AWS_34",
  description: "A distribution answers over HTTPS alone.",
  rationale: "Media and cookies would cross the network in the clear.",
  appliesTo: ["aws_cloudfront_distribution"],
  check: ({ body }) =>
    failUnless(
      behaviours(body).every((behaviour) =>
        ["redirect-to-https", "https-only"].includes(getString(behaviour, "viewer_protocol_policy") ?? ""),
      ),
      "answers over plain HTTP",
      "Set viewer_protocol_policy to redirect-to-https or https-only on every behaviour.",
    ),
};
