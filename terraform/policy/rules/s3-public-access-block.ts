import { type Rule, unless } from "../rule.ts";

/** Every bucket has a public access block. */
export const publicAccessBlock: Rule = {
  id: "CKV2_AWS_6",
  what: "Every bucket has a public access block.",
  why: "Without one, ACLs and policies decide, and either can be changed by whoever may write them.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, estate) =>
    unless(
      estate.companions(bucket, "aws_s3_bucket_public_access_block", "bucket").length > 0,
      "has no public access block",
      "Add an aws_s3_bucket_public_access_block for it.",
    ),
};
