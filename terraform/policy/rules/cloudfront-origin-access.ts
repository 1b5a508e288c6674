import { type BlockBody, getBlocks, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

const isBucket = (origin: BlockBody): boolean =>
  getBlocks(origin, "custom_origin_config").length === 0 &&
  /\.s3[.-]|aws_s3_bucket\./.test(getString(origin, "domain_name") ?? "");

/** A distribution reads a bucket by its origin access control. */
export const originAccess: Rule = {
  id: "CKV2_AWS_46",
  description: "A distribution reads a bucket by its origin access control.",
  rationale: "The bucket would have to be public for it.",
  appliesTo: ["aws_cloudfront_distribution"],
  check: ({ body }) =>
    failUnless(
      getBlocks(body, "origin")
        .filter(isBucket)
        .every((origin) => getString(origin, "origin_access_control_id") !== undefined),
      "reads a bucket without an origin access control",
      "Set origin_access_control_id on every origin that is a bucket.",
    ),
};
