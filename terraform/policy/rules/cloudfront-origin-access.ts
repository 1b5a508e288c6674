import { getBlocks, getString } from "../block-values.ts";
import { distributionType } from "../distributions.ts";
import { failUnless, type Rule } from "../rule.ts";

/** CloudFront signs its requests to buckets. */
export const distributionOriginAccess: Rule = {
  id: "CKV2_AWS_46",
  description: "CloudFront signs its requests to buckets (origin access control).",
  rationale: "Otherwise a bucket has to be public for CloudFront to read it.",
  appliesTo: [distributionType],
  check: ({ body }) =>
    getBlocks(body, "origin")
      .filter((origin) => getBlocks(origin, "custom_origin_config").length === 0)
      .flatMap((origin) =>
        failUnless(
          getString(origin, "origin_access_control_id") !== undefined,
          `reads the origin ${getString(origin, "origin_id")} without origin access control`,
          "Set origin_access_control_id to an aws_cloudfront_origin_access_control for S3.",
        ),
      ),
};
