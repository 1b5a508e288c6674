import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every bucket keeps versions. */
export const bucketVersioning: Rule = {
  id: "CKV_AWS_21",
  description: "Every bucket keeps versions.",
  rationale: "An overwritten or deleted upload is lost, and two uploads to one key cannot be told apart.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) =>
    failUnless(
      graph
        .relatedTo(bucket, "aws_s3_bucket_versioning", "bucket")
        .some(({ body }) => getString(body, "versioning_configuration", "status") === "Enabled"),
      "keeps no versions",
      "Add an aws_s3_bucket_versioning with status Enabled.",
    ),
};
