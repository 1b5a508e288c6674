import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A bucket takes no ACLs. */
export const noAcls: Rule = {
  id: "CKV2_AWS_65",
  description: "A bucket takes no ACLs.",
  rationale:
    "Objects of another account would belong to that account, and an ACL is a second place that opens one.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) =>
    failUnless(
      graph
        .relatedTo(bucket, "aws_s3_bucket_ownership_controls", "bucket")
        .some(({ body }) => getString(body, "rule", "object_ownership") === "BucketOwnerEnforced") &&
        graph.relatedTo(bucket, "aws_s3_bucket_acl", "bucket").length === 0,
      "takes ACLs",
      "Set object_ownership to BucketOwnerEnforced in its ownership controls, and write no aws_s3_bucket_acl.",
    ),
};
