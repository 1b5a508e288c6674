import { bodies, text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Every bucket has a lifecycle. */
export const bucketLifecycle: Rule = {
  id: "CKV2_AWS_61",
  what: "Every bucket has a lifecycle.",
  why: "Old versions and abandoned parts are paid for ever.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, estate) =>
    unless(
      estate
        .companions(bucket, "aws_s3_bucket_lifecycle_configuration", "bucket")
        .some(({ body }) => bodies(body, "rule").some((rule) => text(rule, "status") === "Enabled")),
      "has no lifecycle",
      "Add an aws_s3_bucket_lifecycle_configuration with an enabled rule.",
    ),
};
