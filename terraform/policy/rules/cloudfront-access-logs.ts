import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** The use of a distribution is logged. */
export const distributionLogs: Rule = {
  id: "CKV_AWS_86",
  description: "The use of a distribution is logged.",
  rationale: "Nobody could say who watched what, nor see somebody scrape it.",
  appliesTo: ["aws_cloudfront_distribution"],
  check: (distribution, estate) =>
    failUnless(
      getString(distribution.body, "logging_config", "bucket") !== undefined ||
        estate.relatedTo(distribution, "aws_cloudwatch_log_delivery_source", "resource_arn").length > 0,
      "has no access logs",
      "Set logging_config, or add a log delivery source for it.",
    ),
};
