import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A bucket with a public policy is restricted to its own account. */
export const publicBucketsRestricted: Rule = {
  id: "CKV_AWS_56",
  description: "A bucket with a public policy is restricted to its own account.",
  rationale: "Otherwise an existing public policy keeps the bucket open to other accounts.",
  appliesTo: ["aws_s3_bucket_public_access_block"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "restrict_public_buckets"),
      "does not set restrict_public_buckets",
      "Set restrict_public_buckets to true.",
    ),
};
