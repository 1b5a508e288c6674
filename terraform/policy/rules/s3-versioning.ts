import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Every bucket keeps versions. */
export const bucketVersioning: Rule = {
  id: "CKV_AWS_21",
  what: "Every bucket keeps versions.",
  why: "An overwritten or deleted upload is lost, and two uploads to one key cannot be told apart.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, estate) =>
    unless(
      estate
        .companions(bucket, "aws_s3_bucket_versioning", "bucket")
        .some(({ body }) => text(body, "versioning_configuration", "status") === "Enabled"),
      "keeps no versions",
      "Add an aws_s3_bucket_versioning with status Enabled.",
    ),
};
