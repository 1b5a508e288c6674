import { type Body, bodies, text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

const isBucket = (origin: Body): boolean =>
  bodies(origin, "custom_origin_config").length === 0 &&
  /\.s3[.-]|aws_s3_bucket\./.test(text(origin, "domain_name") ?? "");

/** A distribution reads a bucket by its origin access control. */
export const originAccess: Rule = {
  id: "CKV2_AWS_46",
  what: "A distribution reads a bucket by its origin access control.",
  why: "The bucket would have to be public for it.",
  appliesTo: ["aws_cloudfront_distribution"],
  check: ({ body }) =>
    unless(
      bodies(body, "origin")
        .filter(isBucket)
        .every((origin) => text(origin, "origin_access_control_id") !== undefined),
      "reads a bucket without an origin access control",
      "Set origin_access_control_id on every origin that is a bucket.",
    ),
};
