import { getBlocks, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every bucket has a lifecycle configuration. */
export const bucketLifecycle: Rule = {
  id: "CKV2_AWS_61",
  description: "Every bucket has a lifecycle configuration.",
  rationale: "Without one, old versions and incomplete uploads are billed indefinitely.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) =>
    failUnless(
      graph
        .relatedTo(bucket, "aws_s3_bucket_lifecycle_configuration", "bucket")
        .some(({ body }) => getBlocks(body, "rule").some((rule) => getString(rule, "status") === "Enabled")),
      "has no lifecycle configuration",
      "Add an aws_s3_bucket_lifecycle_configuration with an enabled rule.",
    ),
};
