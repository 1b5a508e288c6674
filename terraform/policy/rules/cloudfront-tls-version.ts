import { getString } from "../block-values.ts";
import { distributionType } from "../distributions.ts";
import type { Rule } from "../rule.ts";

const modernPolicies = ["TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"];

/** CloudFront requires TLS 1.2. */
export const distributionTlsVersion: Rule = {
  id: "CKV_AWS_174",
  description: "CloudFront requires TLS 1.2 of viewers.",
  rationale: "Earlier versions of TLS have known weaknesses.",
  appliesTo: [distributionType],
  check: ({ body }) => {
    const version = getString(body, "viewer_certificate", "minimum_protocol_version");
    if (version !== undefined && modernPolicies.includes(version)) return [];
    return [
      {
        message: `requires ${version ?? "TLSv1"} only`,
        fix: "Set minimum_protocol_version to TLSv1.2_2021, which requires a certificate for a custom domain.",
        part: version ?? "default certificate",
      },
    ];
  },
};
