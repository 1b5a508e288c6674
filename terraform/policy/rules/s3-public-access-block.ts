import { failUnless, type Rule } from "../rule.ts";

/** Every bucket has a public access block. */
export const publicAccessBlock: Rule = {
  id: "CKV2_AWS_6",
  description: "Every bucket has a public access block.",
  rationale: "Without one, an ACL or a bucket policy can make the bucket public.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) =>
    failUnless(
      graph.relatedTo(bucket, "aws_s3_bucket_public_access_block", "bucket").length > 0,
      "has no public access block",
      "Add an aws_s3_bucket_public_access_block for it.",
    ),
};
