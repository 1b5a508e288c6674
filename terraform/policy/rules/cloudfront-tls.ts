import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A distribution asks for TLS 1.2 at least. */
export const distributionTls: Rule = {
  id: "CKV_AWS_174",
  description: "A distribution asks for TLS 1.2 at least.",
  rationale: "Older versions are broken, and the connection could be read.",
  appliesTo: ["aws_cloudfront_distribution"],
  check: ({ body }) =>
    failUnless(
      /^TLSv1\.[23]/.test(getString(body, "viewer_certificate", "minimum_protocol_version") ?? ""),
      "takes TLS older than 1.2",
      "Set viewer_certificate.minimum_protocol_version to TLSv1.2_2021; that needs a certificate of its own.",
    ),
};
