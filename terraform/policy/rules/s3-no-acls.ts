import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** A bucket takes no ACLs. */
export const noAcls: Rule = {
  id: "CKV2_AWS_65",
  what: "A bucket takes no ACLs.",
  why: "Objects of another account would belong to that account, and an ACL is a second place that opens one.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, estate) =>
    unless(
      estate
        .companions(bucket, "aws_s3_bucket_ownership_controls", "bucket")
        .some(({ body }) => text(body, "rule", "object_ownership") === "BucketOwnerEnforced") &&
        estate.companions(bucket, "aws_s3_bucket_acl", "bucket").length === 0,
      "takes ACLs",
      "Set object_ownership to BucketOwnerEnforced in its ownership controls, and write no aws_s3_bucket_acl.",
    ),
};
