import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** The use of every bucket is logged. */
export const bucketAccessLogs: Rule = {
  id: "CKV_AWS_18",
  what: "The use of every bucket is logged.",
  why: "After a leak nobody could say who read what.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, estate) =>
    unless(
      estate
        .companions(bucket, "aws_s3_bucket_logging", "bucket")
        .some(({ body }) => text(body, "target_bucket") !== undefined),
      "has no access logs",
      "Add an aws_s3_bucket_logging that names the stage's log bucket.",
    ),
};
