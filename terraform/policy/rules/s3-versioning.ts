import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every bucket has versioning enabled. */
export const bucketVersioning: Rule = {
  id: "CKV_AWS_21",
  description: "Every bucket has versioning enabled.",
  rationale:
    "Without versioning, an overwritten or deleted upload is lost, and two uploads to one key cannot be distinguished.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) =>
    failUnless(
      graph
        .relatedTo(bucket, "aws_s3_bucket_versioning", "bucket")
        .some(({ body }) => getString(body, "versioning_configuration", "status") === "Enabled"),
      "has no versioning",
      "Add an aws_s3_bucket_versioning with status Enabled.",
    ),
};
