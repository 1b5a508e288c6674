import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Bucket ACLs are disabled. */
export const noAcls: Rule = {
  id: "CKV2_AWS_65",
  description: "Bucket ACLs are disabled.",
  rationale: "With ACLs, other accounts can own objects, and access is controlled in two places.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) =>
    failUnless(
      graph
        .relatedTo(bucket, "aws_s3_bucket_ownership_controls", "bucket")
        .some(({ body }) => getString(body, "rule", "object_ownership") === "BucketOwnerEnforced") &&
        graph.relatedTo(bucket, "aws_s3_bucket_acl", "bucket").length === 0,
      "allows ACLs",
      "Set object_ownership to BucketOwnerEnforced in its ownership controls, and remove aws_s3_bucket_acl.",
    ),
};
