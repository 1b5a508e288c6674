import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every bucket has access logs. */
export const bucketAccessLogs: Rule = {
  id: "CKV_AWS_18",
  description: "Every bucket has access logs.",
  rationale: "Without access logs, reads cannot be traced after a leak.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) =>
    failUnless(
      graph
        .relatedTo(bucket, "aws_s3_bucket_logging", "bucket")
        .some(({ body }) => getString(body, "target_bucket") !== undefined),
      "has no access logs",
      "Add an aws_s3_bucket_logging that names the stage's log bucket.",
    ),
};
