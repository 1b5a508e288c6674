import { getString } from "../block-values.ts";
import { distributionType } from "../distributions.ts";
import { failUnless, type Rule } from "../rule.ts";

/** CloudFront's requests are logged. */
export const distributionAccessLogs: Rule = {
  id: "CKV_AWS_86",
  description: "Requests to CloudFront are logged.",
  rationale: "Without access logs, viewers and denied requests cannot be traced.",
  appliesTo: [distributionType],
  check: (distribution, graph) =>
    failUnless(
      graph
        .relatedTo(distribution, "aws_cloudwatch_log_delivery_source", "resource_arn")
        .some(
          (source) =>
            getString(source.body, "log_type") === "ACCESS_LOGS" &&
            graph.relatedTo(source, "aws_cloudwatch_log_delivery", "delivery_source_name").length > 0,
        ),
      "has no access logs",
      "Add an aws_cloudwatch_log_delivery_source for ACCESS_LOGS, with a delivery to the stage's log bucket.",
    ),
};
